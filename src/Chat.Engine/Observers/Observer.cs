using Chat.Events;

namespace Chat.Engine.Observers;

/// <summary>Somebody who sees what has happened.</summary>
/// <param name="Id">The id, for logs.</param>
/// <param name="OnEventAsync">Takes note of one event.</param>
internal sealed record Observer(string Id, Func<RoomEvent, CancellationToken, ValueTask> OnEventAsync);
