namespace Chat.PluginHost.Loading;

/// <summary>Thrown in a script to stop code that the host no longer waits for. Its stack trace says where the code
/// was.</summary>
internal sealed class ScriptStoppedException(string message) : TimeoutException(message);
