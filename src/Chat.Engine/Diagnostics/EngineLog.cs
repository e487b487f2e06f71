using System.Net;

namespace Chat.Engine.Diagnostics;

/// <summary>The log messages of the engine.</summary>
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

    [LoggerMessage(5, LogLevel.Error,
        "Connection {Connection} failed in a way that should not happen; it has been closed.")]
    public static partial void SessionFailed(ILogger logger, Exception exception, string connection);

    [LoggerMessage(6, LogLevel.Warning,
        "Cannot accept on {EndPoint}: {Error} Trying again in {Delay}; more of the same is not logged for a minute.")]
    public static partial void AcceptFailed(ILogger logger, EndPoint endPoint, string error, TimeSpan delay);

    [LoggerMessage(7, LogLevel.Error, "Accepting on {EndPoint} has ended: {Error}")]
    public static partial void AcceptEnded(ILogger logger, EndPoint endPoint, string error);

    [LoggerMessage(8, LogLevel.Warning, "{Kind} {Hook} ({Source}) failed: {Fault}.{Consequence}{Unlogged}")]
    public static partial void HookFailed(
        ILogger logger, string kind, string hook, string source, string fault, string consequence, string unlogged);

    [LoggerMessage(27, LogLevel.Debug, "{Kind} {Hook} failed with:\n{Details}")]
    public static partial void HookFaultDetails(ILogger logger, string kind, string hook, string details);

    [LoggerMessage(14, LogLevel.Warning,
        "{Kind} {Hook} ({Source}) is slow: a call takes longer than it should.{Consequence}")]
    public static partial void HookSlow(ILogger logger, string kind, string hook, string source, string consequence);

    [LoggerMessage(15, LogLevel.Error,
        "{Kind} {Hook} ({Source}) is disabled: {Reason}. /hooks enable {Hook} or a new version enables it again.")]
    public static partial void HookDisabled(ILogger logger, string kind, string hook, string source, string reason);

    [LoggerMessage(16, LogLevel.Error,
        "{Kind} {Hook} ({Source}) has not returned within {Milliseconds} ms and blocks a thread. "
        + "The call is abandoned, and the line continues without it. It stays disabled until the call returns.")]
    public static partial void HookAbandoned(
        ILogger logger, string kind, string hook, string source, double milliseconds);

    [LoggerMessage(17, LogLevel.Warning,
        "{Kind} {Hook} ({Source}) has returned after all; its result is discarded.")]
    public static partial void HookCameBack(ILogger logger, string kind, string hook, string source);

    [LoggerMessage(21, LogLevel.Information,
        "{Kind} {Hook} ({Source}) in shadow mode: {Summary}.{Lately} "
        + "/hooks {Hook} shows more; Hooks:{Hook}:Mode=Active lets it act.")]
    public static partial void HookShadowed(
        ILogger logger, string kind, string hook, string source, string summary, string lately);

    [LoggerMessage(22, LogLevel.Warning,
        "The server has {What}. Calls into plugins are profiled for a while, to find the plugin responsible.")]
    public static partial void ResourceAlarm(ILogger logger, string what);

    [LoggerMessage(23, LogLevel.Warning,
        "No call into a plugin was found to take the server's memory or threads.")]
    public static partial void NobodyFound(ILogger logger);

    [LoggerMessage(18, LogLevel.Warning,
        "Plugins answer each other without end: a line of {Plugin} in {Room} is not sent, "
        + "because {Depth} lines of plugins led to it. More of the same are not logged for a minute.")]
    public static partial void TooDeep(ILogger logger, string plugin, string room, int depth);

    [LoggerMessage(19, LogLevel.Information, "Connection {Connection} ({Nick}) is an operator now.")]
    public static partial void OperatorCame(ILogger logger, string connection, string nick);

    [LoggerMessage(20, LogLevel.Warning, "Connection {Connection} ({Nick}) entered a wrong operator key.")]
    public static partial void WrongKey(ILogger logger, string connection, string nick);

    [LoggerMessage(9, LogLevel.Warning, "Observer {Hook} was too slow and missed {Count} events.")]
    public static partial void ObserverLapped(ILogger logger, string hook, long count);

    [LoggerMessage(11, LogLevel.Information,
        "Connection {Connection} ({Nick}) sent a line longer than {Limit} bytes; it was refused. "
        + "More from this connection are not logged.")]
    public static partial void LineTooLong(ILogger logger, string connection, string nick, int limit);

    [LoggerMessage(13, LogLevel.Warning,
        "More than {Count} connections have been closed within a minute; more of them are not logged for a minute.")]
    public static partial void ClosingStorm(ILogger logger, int count);

    [LoggerMessage(12, LogLevel.Warning,
        "More than {Count} connections within a minute ended before they were greeted. "
        + "Nobody has seen them; more of them are not logged for a minute.")]
    public static partial void UnseenStorm(ILogger logger, int count);

    [LoggerMessage(24, LogLevel.Error, "A transport failed in {Member}, which must not fail. The server continues.")]
    public static partial void TransportFailed(ILogger logger, Exception exception, string member);

    [LoggerMessage(25, LogLevel.Warning,
        "The server is full: there are {Limit} connections, and more are turned away. Raise MaxConnections or the "
        + "number of files the process may open (ulimit -n). More of the same are not logged for a minute.")]
    public static partial void ServerFull(ILogger logger, int limit);

    [LoggerMessage(28, LogLevel.Error,
        "The backplane failed to publish {Event}. More of the same are not logged for a minute.")]
    public static partial void BackplaneFailed(ILogger logger, Exception exception, string @event);

    [LoggerMessage(29, LogLevel.Error,
        "Recorder {Recorder} failed. The events are kept, and recorded as soon as it succeeds. "
        + "More of the same are not logged for a minute.")]
    public static partial void RecorderFailed(ILogger logger, Exception exception, string recorder);

    [LoggerMessage(30, LogLevel.Error,
        "The server stopped before recorder {Recorder} had recorded everything. Events lost: {Count}.")]
    public static partial void RecorderLeftBehind(ILogger logger, string recorder, long count);

    [LoggerMessage(26, LogLevel.Debug, "There may be {Limit} connections.")]
    public static partial void ConnectionLimit(ILogger logger, int limit);
}
