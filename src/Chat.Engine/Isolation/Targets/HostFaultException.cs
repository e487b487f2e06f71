namespace Chat.Engine.Isolation.Targets;

/// <summary>Something of the host's failed while a plugin used it, for example the disk. The call has failed, but the
/// failure does not count against the plugin: its hooks are not disabled for it.</summary>
/// <param name="message">What failed, and why.</param>
/// <param name="innerException">The cause.</param>
public sealed class HostFaultException(string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>Whether an exception is one of these, or comes from one.</summary>
    internal static bool IsCauseOf(Exception? exception)
    {
        while (exception is not null and not HostFaultException)
            exception = exception.InnerException;
        return exception is not null;
    }
}
