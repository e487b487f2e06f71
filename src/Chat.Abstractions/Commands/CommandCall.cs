using Chat.Events;

namespace Chat.Commands;

/// <summary>One call of a command.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Room">The room the command acts in, usually the caller's current room; empty if the caller is in no
/// room.</param>
/// <param name="Arguments">The text after the name, trimmed and without control characters; may be empty.</param>
public sealed record CommandCall(Sender Caller, string Room, string Arguments)
{
    /// <summary>The caller's nick.</summary>
    public string Nick => Caller.Nick;

    /// <summary>The id of the caller's session.</summary>
    public string SessionId => Caller.SessionId;
}
