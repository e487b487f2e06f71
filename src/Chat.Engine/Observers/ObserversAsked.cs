using Chat.Engine.Scheduling;
using Chat.Events;

namespace Chat.Engine.Observers;

/// <summary>A question in the server's feed, which each observer's pump answers when it gets there: all before it has been observed.</summary>
/// <param name="Answers">Where they answer.</param>
internal sealed record ObserversAsked(AsyncCountdownEvent Answers) : RoomEvent("");
