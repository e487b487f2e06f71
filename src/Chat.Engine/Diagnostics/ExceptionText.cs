using System.Diagnostics;
using System.Runtime.CompilerServices;
using Chat.Engine.Scheduling;

namespace Chat.Engine.Diagnostics;

/// <summary>Exceptions as one line for people. Plugin exceptions are flattened to text, so that no plugin type outlives its plugin.</summary>
public static class ExceptionText
{
    private const int Longest = 1000, MostCauses = 8;
    private const string TooLong = "(its message takes too long)";

    /// <summary>Types whose message once did not come: they are not asked again, as each time costs a thread.</summary>
    private static readonly ConditionalWeakTable<Type, object> _silent = new();

    private static readonly TimeSpan _timeToSay = TimeSpan.FromMilliseconds(250);

    /// <summary>So long it may hold up the loop on whose thread it is asked for.</summary>
    private static readonly TimeSpan _timeOfLoop = TimeSpan.FromMilliseconds(10);

    /// <summary>The exception and its causes in one line, shortened if it is too long to read.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>
    /// <c>file:line: Type: message; cause: Type: message</c>. The file is its name alone, as people who are no operators see it, too; it is left out if
    /// no source line outside the engine is known. It is the place of the innermost cause that has one.
    /// </returns>
    public static string Describe(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        var chain = Chain(exception);
        var text = Cut(string.Join("; cause: ", chain.Select(each => $"{each.GetType().Name}: {OneLine(MessageOf(each))}")));
        var place = chain.Select(PlaceOf).LastOrDefault(place => place is not null);
        return place is null ? text : $"{place}: {text}";
    }

    /// <summary>The exception and its causes with their stacks, for the log of a developer.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Several lines separated by <c>\n</c>; text only, so that no plugin type outlives its plugin.</returns>
    public static string Details(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        return string.Join(
            "\n", Chain(exception).Select(each => $"{each.GetType()}: {Cut(MessageOf(each))}\n{new StackTrace(each, fNeedFileInfo: true)}".TrimEnd()));
    }

    /// <summary>Where an exception comes from.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns><c>file:line</c>, the file by its name alone; <see langword="null"/> where no source line outside the engine is known.</returns>
    public static string? PlaceOf(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames() ?? [])
        {
            if (frame?.GetMethod()?.Module.Assembly.GetName().Name is "Chat.Abstractions" or "Chat.Engine" or "Chat.PluginHost")
                continue;
            if (frame?.GetFileName() is { Length: > 0 } file)
                return $"{Path.GetFileName(file)}:{frame.GetFileLineNumber()}";
        }

        return null;
    }

    /// <summary>What an exception says, without the name of a parameter that only programmers know.</summary>
    /// <param name="exception">The exception; may be of a plugin, whose own code the message then is, which may fail too, and may not come back.</param>
    public static string MessageOf(Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        var type = exception.GetType();
        if (type.Assembly == typeof(Exception).Assembly && exception is not (AggregateException or ArgumentOutOfRangeException { ActualValue: not null }))
            return ReadMessage(exception);
        if (_silent.TryGetValue(type, out _))
            return TooLong;

        // A thread of its own: it may be lost.
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
                ArgumentNullException { ParamName: { } missing } when message == new ArgumentNullException(missing).Message => $"{missing} is null",
                ArgumentException { ParamName: { } parameter } => message.Replace($" (Parameter '{parameter}')", ""),
                _ => message,
            };
        }
        catch (Exception)
        {
            return "(without a message)";
        }
    }

    /// <summary>The exception and its causes, outermost first, without wrappers that say nothing themselves.</summary>
    private static List<Exception> Chain(Exception exception)
    {
        List<Exception> chain = [];
        for (var each = exception; each is not null && chain.Count < MostCauses; each = each.InnerException)
        {
            if (each is not (AggregateException or System.Reflection.TargetInvocationException or TypeInitializationException) || each.InnerException is null)
                chain.Add(each);
        }

        return chain;
    }

    private static string OneLine(string message) => message.Replace("\r", "").Replace('\n', ' ');

    private static string Cut(string message) => message.Length <= Longest ? message : $"{message[..Longest]}…";
}
