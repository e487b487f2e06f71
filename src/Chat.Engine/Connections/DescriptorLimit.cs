namespace Chat.Engine.Connections;

/// <summary>How many files and sockets this process may open. On Linux a process that has opened all it may cannot
/// start a thread any more, which ends the .NET runtime, so that connections must leave it some.</summary>
internal static class DescriptorLimit
{
    /// <summary>What connections leave to everything else: threads, plugins, files, answers to those who are turned
    /// away.</summary>
    private const int Reserve = 128;

    /// <summary>How many connections this process has room for, from now on.</summary>
    /// <returns>At least 1; <see cref="int.MaxValue"/> if there is no limit or it is not known.</returns>
    public static int RoomForConnections()
    {
        try
        {
            var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
            return RoomIn(File.ReadLines("/proc/self/limits"), open);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }

    /// <summary>How many connections there is room for.</summary>
    /// <param name="limits">The lines of <c>/proc/self/limits</c> (proc(5)).</param>
    /// <param name="open">How many descriptors are open now.</param>
    internal static int RoomIn(IEnumerable<string> limits, int open)
    {
        const string OpenFiles = "Max open files";
        var line = limits.FirstOrDefault(line => line.StartsWith(OpenFiles, StringComparison.Ordinal));
        var columns = line?.Substring(OpenFiles.Length).Split([' '], StringSplitOptions.RemoveEmptyEntries);
        if (!int.TryParse(columns?.FirstOrDefault(), out var limit))
            return int.MaxValue;

        // Where few may be opened, connections get half of what is left.
        var free = limit - open;
        return Math.Max(1, free - Math.Min(Reserve, free / 2));
    }
}
