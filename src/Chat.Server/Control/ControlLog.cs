using Microsoft.Extensions.Logging;

namespace Chat.Server.Control;

/// <summary>What the control socket logs.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1, LogLevel.Warning, "Another server runs over the same data folder: {Path} is its. chat-server why asks that one. Give each a folder of its own with --data.")]
    public static partial void Taken(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Warning, "chat-server why cannot ask this server: {Path} cannot be listened on. {Error}")]
    public static partial void NotServed(ILogger logger, string path, string error);
}
