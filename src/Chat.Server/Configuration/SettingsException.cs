namespace Chat.Server.Configuration;

/// <summary>A setting is wrong. The message says which one, where it was set, and what it should be.</summary>
internal sealed class SettingsException(string message) : Exception(message);
