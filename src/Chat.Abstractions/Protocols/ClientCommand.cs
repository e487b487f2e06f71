namespace Chat.Protocols;

/// <summary>What a client asked for. Plain text is the command <c>say</c>.</summary>
/// <param name="Name">The command's name in lower case, without a slash.</param>
/// <param name="Arguments">The rest of the line, free of control characters; empty when there is none.</param>
public readonly record struct ClientCommand(string Name, string Arguments);
