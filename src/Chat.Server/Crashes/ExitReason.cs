using System.Globalization;

namespace Chat.Server.Crashes;

/// <summary>Says in words why a process ended.</summary>
internal static class ExitReason
{
    /// <summary>The environment variable with the exit code of the server before this one, from a supervisor.</summary>
    public const string Variable = "CHAT_PREVIOUS_EXIT_CODE";

    private const int FirstSignal = 128;

    /// <summary>The words for an exit code. A code above 128 stands for a signal.</summary>
    public static string Of(int exitCode) => (exitCode - FirstSignal) switch
    {
        6 => "it aborted (SIGABRT): a stack overflow, FailFast or an unhandled exception",
        9 => "it was killed (SIGKILL)",
        11 => "a fault in native code (SIGSEGV)",
        > 0 and < 65 and var signal => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
        UnaskedExit.ServerExitCode - FirstSignal => "a plugin ended it",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}"),
    };

    /// <summary>How the server before this one ended, if this one has a supervisor that has seen it.</summary>
    public static PreviousExit OfPreviousRun() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var code)
            ? Classify(code)
            : PreviousExit.Unknown;

    /// <summary>Whether an exit code is that of a crash, or of a process that was killed.</summary>
    /// <remarks>The signals of a crash are SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE and SIGSEGV. On Windows, a crash
    /// has a negative code.</remarks>
    public static PreviousExit Classify(int exitCode) => (exitCode - FirstSignal) switch
    {
        4 or 5 or 6 or 7 or 8 or 11 or UnaskedExit.ServerExitCode - FirstSignal => PreviousExit.Crashed,
        > 0 and < 65 => PreviousExit.Killed,
        _ => exitCode < 0 ? PreviousExit.Crashed : PreviousExit.Unknown,
    };
}
