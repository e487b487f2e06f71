namespace Chat.Engine.Sessions;

/// <summary>How a session ended.</summary>
/// <param name="Reason">The reason, for the log and the others.</param>
/// <param name="IsByServer">Whether the server ended it: lines the user has already typed are no longer
/// handled.</param>
/// <param name="IsSilent">Whether the others are not told.</param>
internal sealed record SessionEnd(string Reason, bool IsByServer = false, bool IsSilent = false);
