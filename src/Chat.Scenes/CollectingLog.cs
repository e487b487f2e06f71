using Microsoft.Extensions.Logging;

namespace Chat.Scenes;

/// <summary>A log that keeps every line, as <c>Level: text</c>.</summary>
public sealed class CollectingLog : ILoggerFactory
{
    /// <summary>The lines, in order.</summary>
    public Collected<string> Lines { get; } = new();

    /// <summary>Waits for a line that contains a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first such line.</returns>
    public Task<string> WaitForAsync(string text, CancellationToken cancellationToken) =>
        Lines.WaitForAsync(line => line.Contains(text, StringComparison.Ordinal), cancellationToken);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(Lines);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(Collected<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(exception is null ? $"{logLevel}: {formatter(state, exception)}" : $"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
