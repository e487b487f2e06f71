namespace Chat.PluginHost.Doctor;

/// <summary>Turns what is logged during a dry run into findings. Safe from any thread.</summary>
internal sealed class DryRunLog : ILoggerFactory
{
    private const string Plugins = "Plugin.", Engine = "Chat.Engine";

    /// <summary>The engine's event for a slow call, which need not be an error.</summary>
    private const int Slow = 14;

    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Findings
    {
        get
        {
            lock (_findings)
                return [.. _findings];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Take(string category, LogLevel level, int id, string text)
    {
        // A stray copy of the contract is reported by a check of its own.
        if (level < LogLevel.Warning || id == PluginLog.StrayContractId)
            return;
        var finding = category.StartsWith(Plugins, StringComparison.Ordinal)
            ? new Finding(FindingSeverity.Note, category[Plugins.Length..], $"it logs: {text}", null)
            : (category, id, level) switch
            {
                (Engine, Slow, _) => InRun(FindingSeverity.Warning, "Use Run for long work, and return at once."),
                (Engine, _, _) or (_, _, >= LogLevel.Error) => InRun(
                    FindingSeverity.Error, "Correct the error at the location shown. "
                    + "docs/explanation/failure-containment.md says what a server would do."),
                _ => InRun(FindingSeverity.Warning, "See docs/explanation/unloading.md."),
            };
        lock (_findings)
            _findings.Add(finding);

        Finding InRun(FindingSeverity severity, string fix) => new(severity, "dry run", text, fix);
    }

    private sealed class Logger(DryRunLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            log.Take(category, logLevel, eventId.Id, formatter(state, exception));
    }
}
