namespace Chat.Engine.Commands;

/// <summary>An id or a command that a registration asks for belongs to another one.</summary>
/// <param name="message">Which name, and whose it is.</param>
/// <param name="isTakenByServer">Whether it belongs to the server itself.</param>
public sealed class NameTakenException(string message, bool isTakenByServer) : InvalidOperationException(message)
{
    /// <summary>Whether the name belongs to the server itself, and not to another plugin.</summary>
    public bool IsTakenByServer { get; } = isTakenByServer;
}
