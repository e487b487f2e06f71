namespace Chat.Load;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Clean = 0;

    /// <summary>A line was lost, doubled, reordered, misrouted or made up.</summary>
    public const int Faulty = 1;

    public const int BadOptions = 2;
    public const int TooFewOpenFiles = 3;
    public const int ServerGone = 4;

    /// <summary>A client was refused, or lost before all was ready.</summary>
    public const int SetUpFailed = 5;

    public const int SetUpTimeout = 6;
    public const int NotLinux = 7;
}
