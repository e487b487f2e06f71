namespace Chat.Load;

/// <summary>Why there can be no measurement, in words for who started it.</summary>
internal sealed class LoadException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Load.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
