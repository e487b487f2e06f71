namespace Chat.PluginHost.Settings;

/// <summary>A setting that a plugin cannot use. The message is complete: file, line and column, what it is and what it
/// must be.</summary>
/// <param name="message">The message.</param>
internal sealed class InvalidSettingException(string message) : FormatException(message);
