using Microsoft.Extensions.Logging;

namespace Chat.Scenes.Clients;

/// <summary>A log that keeps every line, as <c>Level: text</c>.</summary>
public sealed class CollectingLog : ILoggerFactory
{
    /// <summary>The lines, in order.</summary>
    public Collected<string> Lines { get; } = new();

    /// <summary>Lines below this level are not logged.</summary>
    /// <value>Default <see cref="LogLevel.Trace"/>: all are.</value>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Trace;

    /// <summary>Waits for a line that contains a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The first such line.</returns>
    public Task<string> WaitForAsync(string text, CancellationToken cancellationToken) =>
        Lines.WaitForAsync(line => line.Contains(text, StringComparison.Ordinal), cancellationToken);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(Lines, MinimumLevel);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(Collected<string> lines, LogLevel minimumLevel) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= minimumLevel;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            lines.Add($"{logLevel}: {formatter(state, exception)} {exception}".TrimEnd());
    }
}
