using System.Globalization;
using System.Runtime.InteropServices;

namespace Chat.Server.Platform;

/// <summary>How many files and connections the process may have open. Too few, and anything may fail.</summary>
internal static partial class OpenFileLimit
{
    /// <summary>What the server has open when it is ready, compiler included, and some room for people.</summary>
    public const int Least = 256;

    private const int LinuxResource = 7, MacResource = 8;

    /// <summary>Why the server cannot start, as a sentence; <see langword="null"/> if it can.</summary>
    public static string? Problem()
    {
        var resource = OperatingSystem.IsLinux() ? LinuxResource : MacResource;
        if (OperatingSystem.IsWindows() || Read(resource, out var limits) != 0)
            return null;
        return limits.Current >= Least ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"This process may open at most {limits.Current} files, but needs at least {Least}, "
            + $"and one more for each connection. "
            + $"Raise the limit: ulimit -n 4096 in a shell, LimitNOFILE=4096 in a systemd unit.");
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Read(int resource, out Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limits
    {
        public readonly nuint Current, Maximum;
    }
}
