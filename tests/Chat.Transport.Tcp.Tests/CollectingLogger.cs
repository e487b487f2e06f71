using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Chat.Transport.Tcp.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectingLogger : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    /// <summary>Everything logged as an error or worse.</summary>
    public IReadOnlyList<string> Errors =>
        [.. _entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => entry.Text)];

    /// <summary>Everything logged as a warning or worse.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text)];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
