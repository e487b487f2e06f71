namespace Chat.Server.Control;

/// <summary>What the control socket logs.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1, LogLevel.Warning,
        "chat-server why cannot ask this server: it cannot listen on {Path}. {Error}")]
    public static partial void NotServed(ILogger logger, string path, string error);
}
