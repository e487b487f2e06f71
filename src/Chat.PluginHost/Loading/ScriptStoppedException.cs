namespace Chat.PluginHost.Loading;

/// <summary>Thrown in a script to stop code that the host no longer waits for, where the code is.</summary>
internal sealed class ScriptStoppedException(string message) : TimeoutException(message);
