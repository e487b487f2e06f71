namespace Chat.Plugins;

/// <summary>A plugin's own log: entries in the host's log under the plugin's name. Safe from any thread.</summary>
public interface IPluginLog
{
    /// <summary>Logs information.</summary>
    /// <param name="message">What happened.</param>
    void Info(string message);

    /// <summary>Logs a warning for operators.</summary>
    /// <param name="message">What happened.</param>
    void Warn(string message);

    /// <summary>Logs an error.</summary>
    /// <param name="message">What failed.</param>
    void Error(string message);
}
