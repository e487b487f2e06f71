using System.Runtime.InteropServices;

namespace Chat.Server.Platform;

/// <summary>Gives the process the standard streams that it was started without, as some init scripts do (<c>&lt;&amp;-
/// &gt;&amp;-</c>). The runtime uses the lowest free descriptors for pipes of its own; whatever is printed would then
/// go into those.</summary>
internal static unsafe partial class StandardStreams
{
    private const int StreamCount = 3, GetDescriptorFlags = 1, CloseOnExec = 1, OpenReadWrite = 2;

    /// <summary>Opens <c>/dev/null</c> for each missing stream. Called first of all. Linux only.</summary>
    /// <remarks>The runtime cannot be told to let go of a descriptor, so the process starts over, with the same id: a
    /// new program image keeps nothing but what was inherited.</remarks>
    public static void Ensure()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var missing = Enumerable.Range(0, StreamCount).Where(IsMissing).ToList();
        if (missing.Count == 0)
            return;
        var nothing = Open("/dev/null", OpenReadWrite);
        foreach (var descriptor in missing)
            _ = Duplicate(nothing, descriptor);
        StartOver();
    }

    /// <summary>An inherited descriptor never closes on exec; one of the runtime's own does.</summary>
    private static bool IsMissing(int descriptor) =>
        DescriptorFlags(descriptor, GetDescriptorFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);

    private static void StartOver()
    {
        var commandLine = File.ReadAllBytes("/proc/self/cmdline");
        fixed (byte* start = commandLine)
        {
            var arguments = new byte*[commandLine.Count(each => each == 0) + 1];
            for (int offset = 0, index = 0; offset < commandLine.Length; index++)
            {
                arguments[index] = start + offset;
                offset += Array.IndexOf(commandLine, (byte)0, offset) - offset + 1;
            }

            fixed (byte** all = arguments)
                _ = Execute(Environment.ProcessPath!, all);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int DescriptorFlags(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, byte** arguments);
}
