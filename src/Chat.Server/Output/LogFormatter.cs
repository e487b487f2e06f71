using System.Globalization;
using Microsoft.Extensions.Logging.Console;

namespace Chat.Server.Output;

/// <summary>One line for each log entry, the same in every locale: <c>2026-05-01T09:30:00Z warn: Chat.Engine[7]
/// message</c>. The formatter that comes with the logging library writes the time in the calendar and with the
/// separators of the locale.</summary>
internal sealed class LogFormatter(TimeProvider clock, bool hasColors) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "chat";

    private const string Yellow = "\e[33m", Red = "\e[31m", Plain = "\e[0m";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var (level, color) = logEntry.LogLevel switch
        {
            LogLevel.Trace => ("trce", ""),
            LogLevel.Debug => ("dbug", ""),
            LogLevel.Information => ("info", ""),
            LogLevel.Warning => ("warn", Yellow),
            LogLevel.Error => ("fail", Red),
            _ => ("crit", Red),
        };
        var time = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (hasColors && color.Length > 0)
            level = color + level + Plain;
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } exception)
            text = $"{text} {exception}";
        var id = logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture);
        textWriter.WriteLine($"{time} {level}: {logEntry.Category}[{id}] {text.ReplaceLineEndings(" ")}");
    }
}
