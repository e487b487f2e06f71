namespace Chat.Protocols;

/// <summary>A client's request. Plain text is the command <c>say</c>.</summary>
/// <param name="Name">The command's name in lower case, without the slash.</param>
/// <param name="Arguments">The rest of the line, without control characters; may be empty.</param>
/// <param name="Target">The room to act in, which the client must have joined; <see langword="null"/> for its current
/// room.</param>
public readonly record struct ClientCommand(string Name, string Arguments, string? Target = null);
