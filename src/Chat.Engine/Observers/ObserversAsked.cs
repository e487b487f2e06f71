namespace Chat.Engine.Observers;

/// <summary>A marker in the server's feed. Each observer's pump answers it on reaching it: everything before it has
/// been observed.</summary>
/// <param name="Answers">Counts the answers.</param>
internal sealed record ObserversAsked(AsyncCountdownEvent Answers) : RoomEvent("");
