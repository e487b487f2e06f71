namespace Chat.Commands;

/// <summary>One use of a command.</summary>
/// <param name="Nick">Who typed it.</param>
/// <param name="ConnectionId">Their connection.</param>
/// <param name="Room">The room they are speaking in; empty when they are in none.</param>
/// <param name="Arguments">What followed the name, trimmed; free of control characters; may be empty.</param>
public sealed record CommandCall(string Nick, string ConnectionId, string Room, string Arguments);
