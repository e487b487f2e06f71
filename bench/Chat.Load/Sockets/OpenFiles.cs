namespace Chat.Load.Sockets;

/// <summary>The limit of open files: each connection is one.</summary>
internal static unsafe class OpenFiles
{
    private const ulong Others = 64;

    /// <summary>Raises the limit if it is too low and we may.</summary>
    public static void Need(int connections)
    {
        var needed = (ulong)connections + Others;
        LibC.Limit limit;
        SystemError.Check(LibC.GetLimit(LibC.OpenFilesLimit, &limit), "read the limit of open files");
        if (limit.Soft >= needed)
            return;
        var wanted = new LibC.Limit { Soft = needed, Hard = Math.Max(needed, limit.Hard) };
        if (LibC.SetLimit(LibC.OpenFilesLimit, &wanted) != 0)
            throw new LoadException(
                ExitCode.TooFewOpenFiles,
                $"{connections} connections need {needed} open files, and this shell allows {limit.Hard}. Raise that "
                    + $"with `ulimit -n {needed}` (as root, or in /etc/security/limits.conf), or ask for fewer "
                    + "--receivers.");
    }
}
