namespace Chat.Events;

/// <summary>Records what happens in the rooms, without gaps: while a recorder is a full log behind, publishing
/// waits.</summary>
public interface IEventRecorder
{
    /// <summary>Records events. Called by one caller at a time, with events in each room's order. If it throws, the
    /// same events are passed again after a second.</summary>
    /// <param name="events">At least one event; valid only during the call.</param>
    /// <param name="cancellationToken">Cancelled when the server no longer waits for its recorders to stop.</param>
    ValueTask RecordAsync(IReadOnlyList<RoomEvent> events, CancellationToken cancellationToken);
}
