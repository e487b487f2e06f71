using Chat.PluginHost.Crashes;
using Microsoft.Extensions.Logging;

namespace Chat.Server.Crashes;

/// <summary>Where the server keeps what it is to know after a crash.</summary>
internal static partial class CrashFiles
{
    /// <summary>Reads what the last run has left, and begins to note. A server that cannot is a server all the same: the log says what does not work then.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="logger">Takes the reason why there is none.</param>
    /// <returns><see langword="null"/> when the file cannot be made.</returns>
    public static CrashJournal? OpenJournal(string data, ILogger logger)
    {
        var file = Path.GetFullPath(Path.Combine(data, "black-box"));
        try
        {
            return CrashJournal.Open(file, ExitReason.OfPreviousRun());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NoBlackBox(logger, file, exception.Message);
            return null;
        }
    }

    /// <summary>The file of the plugins that the process died in.</summary>
    public static string Quarantine(string data) => Path.GetFullPath(Path.Combine(data, "quarantine.txt"));

    [LoggerMessage(1, LogLevel.Warning, "The file {File} cannot be made, so a start after a crash will not know in which plugin the server died. {Problem}")]
    private static partial void NoBlackBox(ILogger logger, string file, string problem);
}
