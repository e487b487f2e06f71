namespace Chat.Engine.Observers;

/// <summary>A registered observer of room events and outcomes.</summary>
/// <param name="Id">The observer's id, for logs.</param>
/// <param name="OnEventAsync">Handles one event.</param>
internal sealed record Observer(string Id, Func<RoomEvent, CancellationToken, ValueTask> OnEventAsync);
