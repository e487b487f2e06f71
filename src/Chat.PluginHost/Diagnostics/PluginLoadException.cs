namespace Chat.PluginHost.Diagnostics;

/// <summary>A plugin cannot be loaded. The message is for the operator: what, where, and what to do.</summary>
/// <param name="message">One or more lines, each beginning with the file it is about.</param>
/// <param name="innerException">The cause.</param>
public sealed class PluginLoadException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether the cause may pass, such as a full disk: the same files are tried again after a
    /// while.</summary>
    internal bool MayPass { get; init; }

    /// <summary>Whether the plugin's own start failed; the inner exception is what it threw.</summary>
    internal bool HasFailedInStart { get; init; }
}
