namespace Chat.Plugins;

/// <summary>A plugin's own log: lines in the host's log under the plugin's name. Safe from any thread.</summary>
public interface IPluginLog
{
    /// <summary>Notes something ordinary.</summary>
    /// <param name="message">What happened.</param>
    void Info(string message);

    /// <summary>Notes something an operator should know.</summary>
    /// <param name="message">What happened.</param>
    void Warn(string message);

    /// <summary>Notes a failure.</summary>
    /// <param name="message">What failed.</param>
    void Error(string message);
}
