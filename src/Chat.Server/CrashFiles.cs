using Chat.Engine.Crashes;
using Chat.Server.Configuration;

namespace Chat.Server;

/// <summary>Where the server keeps what it is to know after a crash.</summary>
internal static class CrashFiles
{
    /// <summary>Reads what the last run has left, and begins to note.</summary>
    /// <param name="data">The data folder.</param>
    /// <exception cref="SettingsException">The file cannot be made.</exception>
    public static BlackBox OpenBlackBox(string data)
    {
        var file = Path.GetFullPath(Path.Combine(data, "black-box"));
        try
        {
            return BlackBox.Open(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"Data: the file {file} cannot be made. {exception.Message}");
        }
    }

    /// <summary>The file of the plugins that the process died in.</summary>
    public static string Quarantine(string data) => Path.GetFullPath(Path.Combine(data, "quarantine.txt"));
}
