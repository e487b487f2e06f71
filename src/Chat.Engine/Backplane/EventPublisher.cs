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
    private readonly LogThrottle _failures = new(clock);

    /// <summary>Publishes an event, after waiting for the recorders if they are too far behind. Completes synchronously
    /// if the backplane does.</summary>
    /// <exception cref="BackplaneException">The backplane failed.</exception>
    public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        var recording = feed.WhenRecordedAsync(cancellationToken);
        if (!recording.IsCompletedSuccessfully)
            return PublishAsync(recording, chatEvent, cancellationToken);

        if (chatEvent.Time == default)
            chatEvent = chatEvent with { Time = clock.GetUtcNow() };

        try
        {
            // The result is consumed at once, because the backplane may reuse it.
            var publishing = backplane.PublishAsync(chatEvent, cancellationToken);
            if (!publishing.IsCompletedSuccessfully)
                return FinishAsync(publishing, chatEvent);
            publishing.GetAwaiter().GetResult();
            return default;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            return new ValueTask(Task.FromException(Failed(exception, chatEvent)));
        }
    }

    /// <summary>Publishes what is true whatever becomes of the event: that somebody has gone, for example. If the
    /// backplane fails, the event is applied on this server alone.</summary>
    public async Task PublishFactAsync(ChatEvent fact)
    {
        try
        {
            await PublishAsync(fact, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is BackplaneException or OperationCanceledException)
        {
            apply(fact);
        }
    }

    private static bool IsFailure(Exception exception) =>
        exception is not (OperationCanceledException or ThreadInterruptedException);

    private BackplaneException Failed(Exception exception, ChatEvent chatEvent)
    {
        if (_failures.Next() == 1)
            EngineLog.BackplaneFailed(logger, exception, chatEvent.GetType().Name);
        return new BackplaneException(exception);
    }

    private async ValueTask PublishAsync(
        ValueTask recording, ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        await recording.ConfigureAwait(false);
        await PublishAsync(chatEvent, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits, then continues on the thread pool. On the backplane's thread, a plugin that hangs would block
    /// everyone.</summary>
    private async ValueTask FinishAsync(ValueTask publishing, ChatEvent chatEvent)
    {
        try
        {
            await publishing.ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw Failed(exception, chatEvent);
        }
        finally
        {
            await Task.Yield();
        }
    }
}
