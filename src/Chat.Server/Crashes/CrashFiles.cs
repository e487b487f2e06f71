namespace Chat.Server.Crashes;

/// <summary>The files that tell the server, after a crash, what it was doing.</summary>
internal static partial class CrashFiles
{
    /// <summary>Reads what the previous run has left and starts a new journal.</summary>
    /// <returns><see langword="null"/> if the file cannot be created.</returns>
    public static CrashJournal? OpenJournal(string data, ILogger logger)
    {
        var file = Path.GetFullPath(Path.Combine(data, "crash-journal"));
        try
        {
            return CrashJournal.Open(file, ExitReason.OfPreviousRun());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NoCrashJournal(logger, file, exception.Message);
            return null;
        }
    }

    /// <summary>The file that lists the plugins that crashed the process.</summary>
    public static string Quarantine(string data) => Path.GetFullPath(Path.Combine(data, "quarantine.txt"));

    [LoggerMessage(1, LogLevel.Warning,
        "The file {File} cannot be created. After a crash, the server will not know which plugin caused it. {Problem}")]
    private static partial void NoCrashJournal(ILogger logger, string file, string problem);
}
