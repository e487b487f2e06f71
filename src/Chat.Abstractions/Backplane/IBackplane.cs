using Chat.Events;

namespace Chat.Backplane;

/// <summary>Orders what is said and announced in each room, and delivers every event in that order.</summary>
public interface IBackplane : IAsyncDisposable
{
    /// <summary>Starts delivering events. Called once, before the first publish.</summary>
    /// <param name="deliver">Receives each event. Never called concurrently for the same room.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask StartAsync(Action<RoomEvent> deliver, CancellationToken cancellationToken);

    /// <summary>Publishes an event. Safe from any thread; events published one after the other keep their order. Called
    /// on the thread that handles the sender's line, where other clients of the same transport may be waiting, so it
    /// must not block.</summary>
    /// <param name="roomEvent">The event.</param>
    /// <param name="cancellationToken">Cancels the operation; the event may still be delivered.</param>
    /// <returns>A task that completes when the event has been ordered.</returns>
    ValueTask PublishAsync(RoomEvent roomEvent, CancellationToken cancellationToken);
}
