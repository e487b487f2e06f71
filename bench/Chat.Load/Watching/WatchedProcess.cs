using System.Globalization;
using Chat.Load.Sockets;

namespace Chat.Load.Watching;

/// <summary>A process, seen through <c>/proc</c>. All is 0 if it is gone, or none is watched.</summary>
/// <param name="id">0: none.</param>
internal sealed class WatchedProcess(int id)
{
    // In /proc/PID/stat, counted behind the name.
    private const int UserField = 11, SystemField = 12;
    private const int StatusBytes = 256, SizeOffset = 40;

    private static readonly double _ticksPerSecond = LibC.Configuration(LibC.ClockTicks);

    private readonly string _folder = $"/proc/{id}";

    public bool IsWatched => id != 0;

    public bool IsAlive => Directory.Exists(_folder);

    /// <value>In kB.</value>
    public long Resident => Status("VmRSS:");

    /// <value>In kB, since the process began.</value>
    public long PeakResident => Status("VmHWM:");

    /// <summary>How many files and connections it has open; -1 if that cannot be told.</summary>
    public int OpenFiles => IsWatched ? SizeOf($"{_folder}/fd") : -1;

    public CpuTime Cpu()
    {
        // The name, in brackets, may have spaces.
        var stat = Read("stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (running, waiting) = Schedule();
        return fields.Length > SystemField
            ? new CpuTime(
                Number(fields[UserField]) / _ticksPerSecond,
                Number(fields[SystemField]) / _ticksPerSecond,
                running,
                waiting)
            : default;
    }

    private (long Running, long Waiting) Schedule()
    {
        long running = 0, waiting = 0;
        if (!IsWatched || !IsAlive)
            return default;
        foreach (var thread in Directory.EnumerateDirectories($"{_folder}/task"))
        {
            if (ProcFile.Read($"{thread}/schedstat").Split(' ') is [var ran, var waited, ..])
                (running, waiting) = (running + Number(ran), waiting + Number(waited));
        }

        return (running, waiting);
    }

    private long Status(string key) => ProcFile.NumberAfter(key, Read("status"));

    private string Read(string name) => IsWatched ? ProcFile.Read($"{_folder}/{name}") : "";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // The size of that folder is how many there are; from Linux 6.2 on, before that it is 0.
    private static unsafe int SizeOf(string path)
    {
        var status = stackalloc byte[StatusBytes];
        return LibC.Status(LibC.CurrentFolder, path, 0, LibC.SizeWanted, status) == 0
            && *(long*)(status + SizeOffset) is var size and > 0
            ? (int)size
            : -1;
    }
}
