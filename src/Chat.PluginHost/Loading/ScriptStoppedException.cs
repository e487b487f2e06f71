namespace Chat.PluginHost.Loading;

/// <summary>Code of a script was stopped because the host no longer waits for it. Its stack trace says where it was.</summary>
/// <param name="message">Why.</param>
internal sealed class ScriptStoppedException(string message) : TimeoutException(message);
