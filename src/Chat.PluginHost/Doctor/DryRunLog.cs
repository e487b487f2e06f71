using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Doctor;

/// <summary>Makes findings of what host, engine and plugins log during a dry run.</summary>
internal sealed class DryRunLog : ILoggerFactory
{
    /// <summary>A stray contract is found by a check of its own.</summary>
    private const int StrayContract = 105;

    /// <summary>A slow call need not be an error; one that is too slow is told besides.</summary>
    private const int Slow = 14;

    private readonly List<Finding> _findings = [];

    /// <summary>What was logged so far.</summary>
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

    private void Take(string category, LogLevel level, EventId id, string text)
    {
        if (level < LogLevel.Warning || id.Id == StrayContract)
            return;
        var plugin = category.StartsWith("Plugin.", StringComparison.Ordinal) ? category["Plugin.".Length..] : null;
        var finding = plugin is not null
            ? new Finding(FindingSeverity.Note, plugin, $"it logs: {text}", null)
            : category == "Chat.Engine" && id.Id == Slow
            ? new Finding(FindingSeverity.Warning, "dry run", text, "Begin what takes long with Run, and answer at once.")
            : category == "Chat.Engine" || level >= LogLevel.Error
            ? new Finding(FindingSeverity.Error, "dry run", text, "Mend the place named. docs/explanation/failure-containment.md, When a hook fails, says what the server would do.")
            : new Finding(FindingSeverity.Warning, "dry run", text, "See docs/explanation/unloading.md, What unloading cannot do.");
        lock (_findings)
            _findings.Add(finding);
    }

    private sealed class Logger(DryRunLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Take(category, logLevel, eventId, formatter(state, exception));
    }
}
