using Chat.Events;

namespace Chat.Backplane;

/// <summary>Gives what is said and announced in rooms its place in one order per room, and brings every event back in that order.</summary>
public interface IBackplane : IAsyncDisposable
{
    /// <summary>Starts to bring events back. Called once, before the first publish.</summary>
    /// <param name="deliver">Takes one event. Called one at a time for any one room.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask StartAsync(Action<RoomEvent> deliver, CancellationToken cancellationToken);

    /// <summary>
    /// Hands over an event. Safe from any thread; events published one after the other keep their order. Called where the speaker's line is handled, for
    /// which other clients of the same transport may wait: it must not block.
    /// </summary>
    /// <param name="roomEvent">What happened.</param>
    /// <param name="cancellationToken">Gives up; the event may or may not come back.</param>
    /// <returns>Completes when the event has its place in the order.</returns>
    ValueTask PublishAsync(RoomEvent roomEvent, CancellationToken cancellationToken);
}
