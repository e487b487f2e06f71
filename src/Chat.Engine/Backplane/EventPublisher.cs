namespace Chat.Engine.Backplane;

/// <summary>Publishes every event that changes what others see. It takes effect when the backplane brings it back,
/// which it has done when the returned task completes.</summary>
/// <param name="backplane">The backplane.</param>
/// <param name="feed">The log whose recorders may slow the publishers down.</param>
/// <param name="apply">Applies an event on this server.</param>
/// <param name="clock">Dates events that have no time yet.</param>
/// <param name="logger">Receives the backplane's failures.</param>
internal sealed class EventPublisher(
    IBackplane backplane, Feed feed, Action<ChatEvent> apply, TimeProvider clock, ILogger logger)
{
    /// <summary>Publishes an event, after waiting for the recorders if they are too far behind. Completes synchronously
    /// if the backplane does.</summary>
    public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        var recording = feed.WhenRecordedAsync(cancellationToken);
        if (!recording.IsCompletedSuccessfully)
            return PublishAsync(recording, chatEvent, cancellationToken);

        if (chatEvent.Time == default)
            chatEvent = chatEvent with { Time = clock.GetUtcNow() };

        // The result is consumed at once, because the backplane may reuse it.
        var publishing = backplane.PublishAsync(chatEvent, cancellationToken);
        if (!publishing.IsCompletedSuccessfully)
            return LeaveBackplaneAsync(publishing);
        publishing.GetAwaiter().GetResult();
        return default;
    }

    /// <summary>Publishes what is true whatever becomes of the event: that somebody has gone, for example. If the
    /// backplane fails, the event is applied on this server alone.</summary>
    public async Task PublishFactAsync(ChatEvent fact)
    {
        try
        {
            await PublishAsync(fact, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            EngineLog.BackplaneFailed(logger, exception, fact.GetType().Name);
            apply(fact);
        }
    }

    private async ValueTask PublishAsync(
        ValueTask recording, ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        await recording.ConfigureAwait(false);
        await PublishAsync(chatEvent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits, then continues on the thread pool. On the backplane's thread, a plugin that hangs would block
    /// everyone.</summary>
    private static async ValueTask LeaveBackplaneAsync(ValueTask publishing)
    {
        await publishing.ConfigureAwait(false);
        await Task.Yield();
    }
}
