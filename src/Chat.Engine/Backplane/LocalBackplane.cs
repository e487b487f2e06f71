namespace Chat.Engine.Backplane;

/// <summary>The backplane of a single server: it delivers directly. The room's lock determines the order.</summary>
public sealed class LocalBackplane : IBackplane
{
    private Action<RoomEvent>? _deliver;

    /// <inheritdoc/>
    public ValueTask StartAsync(Action<RoomEvent> deliver, CancellationToken cancellationToken)
    {
        _deliver = deliver;
        return default;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The backplane has not been started.</exception>
    public ValueTask PublishAsync(RoomEvent roomEvent, CancellationToken cancellationToken)
    {
        var deliver = _deliver ?? throw new InvalidOperationException("The backplane has not been started.");
        deliver(roomEvent);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
