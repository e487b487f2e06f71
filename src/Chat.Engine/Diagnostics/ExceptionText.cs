using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Chat.Engine.Diagnostics;

/// <summary>Formats exceptions for people. Plugin exceptions are flattened to text, so that no plugin type outlives its
/// plugin.</summary>
public static class ExceptionText
{
    private const int Longest = 1000, MostCauses = 8;
    private const string TooLong = "(its message takes too long)";

    /// <summary>Types whose message once timed out. They are not asked again, because each attempt costs a
    /// thread.</summary>
    private static readonly ConditionalWeakTable<Type, object> _silent = new();

    private static readonly TimeSpan _timeToSay = TimeSpan.FromMilliseconds(250);

    /// <summary>How long reading a message may hold up an event loop's thread.</summary>
    private static readonly TimeSpan _timeOfLoop = TimeSpan.FromMilliseconds(10);

    /// <summary>Formats an exception and its causes in one line, shortened if it is too long.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns><c>file:line: Type: message; cause: Type: message</c>. The file is its name without the folder, because
    /// people who are not operators see it too. It is the location of the innermost cause that has one, and is omitted
    /// if no source line outside the engine is known.</returns>
    public static string Describe(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        var chain = Chain(exception);
        var parts = chain.Select(each => $"{each.GetType().Name}: {OneLine(MessageOf(each))}");
        var text = Cut(string.Join("; cause: ", parts));
        var place = chain.Select(PlaceOf).LastOrDefault(place => place is not null);
        return place is null ? text : $"{place}: {text}";
    }

    /// <summary>Formats an exception and its causes with their stack traces, for a developer's log.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Several lines separated by <c>\n</c>; text only, so that no plugin type outlives its plugin.</returns>
    public static string Details(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        var parts = Chain(exception).Select(each =>
            $"{each.GetType()}: {Cut(MessageOf(each))}\n{new StackTrace(each, fNeedFileInfo: true)}".TrimEnd());
        return string.Join("\n", parts);
    }

    /// <summary>Returns the source location of an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns><c>file:line</c>, the file without its folder; <see langword="null"/> if no source line outside the
    /// engine is known.</returns>
    public static string? PlaceOf(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames() ?? [])
        {
            var assembly = frame?.GetMethod()?.Module.Assembly.GetName().Name;
            if (assembly is "Chat.Abstractions" or "Chat.Engine" or "Chat.PluginHost")
                continue;
            if (frame?.GetFileName() is { Length: > 0 } file)
                return $"{Path.GetFileName(file)}:{frame.GetFileLineNumber()}";
        }

        return null;
    }

    /// <summary>Returns the message of an exception without the parameter name, which only programmers
    /// understand.</summary>
    /// <param name="exception">The exception. If it is a plugin's, reading the message runs the plugin's code, which
    /// may throw or hang.</param>
    public static string MessageOf(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        var type = exception.GetType();
        if (type.Assembly == typeof(Exception).Assembly
            && exception is not (AggregateException or ArgumentOutOfRangeException { ActualValue: not null }))
            return ReadMessage(exception);
        if (_silent.TryGetValue(type, out _))
            return TooLong;

        // Read on a separate thread, which may never return.
        string? message = null;
        var reading = new Thread(() => Volatile.Write(ref message, ReadMessage(exception))) { IsBackground = true };
        reading.Start();
        if (!reading.Join(_timeOfLoop))
            EventLoop.Current?.GoOnWithout(Thread.CurrentThread);
        if (!reading.Join(_timeToSay - _timeOfLoop))
            _ = _silent.GetValue(type, static _ => new object());
        return Volatile.Read(ref message) ?? TooLong;
    }

    private static string ReadMessage(Exception exception)
    {
        try
        {
            var message = exception.Message ?? "";
            return exception switch
            {
                ArgumentNullException { ParamName: { } missing }
                    when message == new ArgumentNullException(missing).Message => $"{missing} is null",
                ArgumentException { ParamName: { } parameter } => message.Replace($" (Parameter '{parameter}')", ""),
                _ => message,
            };
        }
        catch (Exception)
        {
            return "(without a message)";
        }
    }

    /// <summary>Returns the exception and its causes, outermost first, without wrappers that add no
    /// information.</summary>
    private static List<Exception> Chain(Exception exception)
    {
        List<Exception> chain = [];
        for (var each = exception; each is not null && chain.Count < MostCauses; each = each.InnerException)
        {
            var isWrapper = each
                is AggregateException or System.Reflection.TargetInvocationException or TypeInitializationException;
            if (!isWrapper || each.InnerException is null)
                chain.Add(each);
        }

        return chain;
    }

    private static string OneLine(string message) => message.Replace("\r", "").Replace('\n', ' ');

    private static string Cut(string message) => message.Length <= Longest ? message : $"{message[..Longest]}…";
}
