using System.Net;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Telemetry;

/// <summary>Everything the engine logs.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1, LogLevel.Debug, "Listening on {EndPoint}.")]
    public static partial void Listening(ILogger logger, EndPoint endPoint);

    [LoggerMessage(2, LogLevel.Debug, "Connection {Connection} ({Transport}) from {Remote} opened.")]
    public static partial void Opened(ILogger logger, string connection, string transport, EndPoint? remote);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Connection} ({Nick}) closed: {Reason}.")]
    public static partial void Closed(ILogger logger, string connection, string nick, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Connection {Connection} ({Nick}) is being closed: {Reason}.")]
    public static partial void Closing(ILogger logger, string connection, string nick, string reason);

    [LoggerMessage(5, LogLevel.Error, "Connection {Connection} failed in a way that should not happen; it has been closed.")]
    public static partial void SessionFailed(ILogger logger, Exception exception, string connection);

    [LoggerMessage(6, LogLevel.Warning, "Cannot accept on {EndPoint}: {Error} Trying again in {Delay}; more of the same is not logged for a minute.")]
    public static partial void AcceptFailed(ILogger logger, EndPoint endPoint, string error, TimeSpan delay);

    [LoggerMessage(7, LogLevel.Error, "Accepting on {EndPoint} has ended: {Error}")]
    public static partial void AcceptEnded(ILogger logger, EndPoint endPoint, string error);

    [LoggerMessage(8, LogLevel.Warning, "{Kind} {Hook} ({Source}) failed: {Fault}.{Consequence}{Unlogged}")]
    public static partial void HookFailed(ILogger logger, string kind, string hook, string source, string fault, string consequence, string unlogged);

    [LoggerMessage(9, LogLevel.Warning, "Observer {Hook} was too slow and missed {Count} events.")]
    public static partial void ObserverLapped(ILogger logger, string hook, long count);

    [LoggerMessage(11, LogLevel.Information, "Connection {Connection} ({Nick}) sent a line longer than {Limit} bytes; it was refused. More from this connection are not logged.")]
    public static partial void LineTooLong(ILogger logger, string connection, string nick, int limit);

    [LoggerMessage(13, LogLevel.Warning, "More than {Count} connections have been closed within a minute; more of them are not logged for a minute.")]
    public static partial void ClosingStorm(ILogger logger, int count);

    [LoggerMessage(12, LogLevel.Warning, "More than {Count} connections within a minute ended before they were greeted. Nobody has seen them; more of them are not logged for a minute.")]
    public static partial void UnseenStorm(ILogger logger, int count);
}
