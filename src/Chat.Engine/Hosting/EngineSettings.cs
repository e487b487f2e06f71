namespace Chat.Engine.Hosting;

/// <summary>A snapshot of one server's options, grouped by the folder that uses them.</summary>
internal sealed record EngineSettings(
    SessionSettings Sessions, OutboundLimits Outbound, LogLimits Log, RegistrationSettings Registrations,
    ResourceLimits Resources, int TracedLines, string? OperatorKey, TimeSpan StopTimeout, int MaxConnections,
    IReadOnlyList<ListenerSettings> Listeners, IBackplane Backplane, IReadOnlyList<IEventRecorder> Recorders,
    ICrashJournal? CrashJournal, TimeProvider Clock, ILoggerFactory LoggerFactory);
