using System.Diagnostics;

namespace Chat.Engine.Telemetry;

/// <summary>Exceptions as one line for people. Plugin exceptions are flattened to text, so that no plugin type outlives its plugin.</summary>
internal static class ExceptionText
{
    /// <summary>The type, the message and the nearest source line that is not the engine's own, where it is known.</summary>
    public static string Describe(Exception exception)
    {
        var cause = exception is AggregateException { InnerException: { } inner } ? inner : exception;
        var text = $"{cause.GetType().Name}: {cause.Message.Replace("\r", "").Replace('\n', ' ')}";
        return Locate(cause) is { } place ? $"{place}: {text}" : text;
    }

    private static string? Locate(Exception exception)
    {
        var engine = typeof(ExceptionText).Assembly;
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames() ?? [])
        {
            if (frame?.GetMethod()?.Module.Assembly == engine)
                return null;
            if (frame?.GetFileName() is { Length: > 0 } file)
                return $"{file}:{frame.GetFileLineNumber()}";
        }

        return null;
    }
}
