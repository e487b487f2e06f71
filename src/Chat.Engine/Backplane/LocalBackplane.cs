namespace Chat.Engine.Backplane;

/// <summary>The backplane of a single server: it delivers directly. The room's lock determines the order.</summary>
public sealed class LocalBackplane : IBackplane
{
    private Action<ChatEvent>? _deliver;

    /// <inheritdoc/>
    public string Node => "";

    /// <inheritdoc/>
    public ValueTask StartAsync(Action<ChatEvent> deliver, CancellationToken cancellationToken)
    {
        _deliver = deliver;
        return default;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The backplane has not been started.</exception>
    public ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken)
    {
        var deliver = _deliver ?? throw new InvalidOperationException("The backplane has not been started.");
        deliver(chatEvent);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
