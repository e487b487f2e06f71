namespace Chat.Commands;

/// <summary>One call of a command.</summary>
/// <param name="Nick">The caller's nick.</param>
/// <param name="ConnectionId">The id of the caller's connection.</param>
/// <param name="Room">The caller's current room; empty if the caller is in no room.</param>
/// <param name="Arguments">The text after the name, trimmed and without control characters; may be empty.</param>
public sealed record CommandCall(string Nick, string ConnectionId, string Room, string Arguments);
