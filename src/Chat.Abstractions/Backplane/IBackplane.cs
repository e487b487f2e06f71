using Chat.Events;

namespace Chat.Backplane;

/// <summary>Puts everything that changes what others see into one order, and brings every event back in that order: to
/// each server that shares the backplane, the publishing one included. Servers change their state only when an event
/// comes back.</summary>
public interface IBackplane : IAsyncDisposable
{
    /// <summary>The name of this server, unique among those that share the backplane; empty if it is the only
    /// one.</summary>
    string Node { get; }

    /// <summary>Starts delivering events. Called once, before the first publish.</summary>
    /// <param name="deliver">Receives each event and may publish others. Never called concurrently for the same room
    /// or the same nick.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask StartAsync(Action<ChatEvent> deliver, CancellationToken cancellationToken);

    /// <summary>Publishes an event: a <see cref="RoomEvent"/>, a <see cref="Whispered"/> or a
    /// <see cref="ServerEvent"/>. Safe from any thread; events published one after the other keep their order. Called
    /// on the thread that handles the sender's line, where other clients of the same transport may be waiting, so it
    /// must not block.</summary>
    /// <param name="chatEvent">The event.</param>
    /// <param name="cancellationToken">Cancels the operation; the event may still be delivered.</param>
    /// <returns>A task that completes once the event has been ordered and delivered to this server.</returns>
    ValueTask PublishAsync(ChatEvent chatEvent, CancellationToken cancellationToken);
}
