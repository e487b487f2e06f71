using System.Globalization;

namespace Chat.Server.Crashes;

/// <summary>Says in words why a process ended.</summary>
internal static class ExitReason
{
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
}
