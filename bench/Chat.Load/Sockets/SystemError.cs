using System.Runtime.InteropServices;

namespace Chat.Load.Sockets;

/// <summary>The system's error numbers that mean something here, and their words.</summary>
internal static class SystemError
{
    public const int WouldBlock = 11, TooManyOpenFilesHere = 24, TooManyOpenFilesInAll = 23, InProgress = 115;

    /// <summary>Of the call that has just failed.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    public static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>For a call that fails only when something is wrong with the machine or with us.</summary>
    /// <param name="result">What it returned: -1 means failed.</param>
    /// <param name="what">What it was to do.</param>
    public static int Check(int result, string what) =>
        result >= 0
            ? result
            : throw new LoadException(ExitCode.SetUpFailed, $"The system did not let me {what}: {Words(Last)}.");
}
