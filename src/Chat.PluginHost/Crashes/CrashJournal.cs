using System.Text;

namespace Chat.PluginHost.Crashes;

/// <summary>A small file, mapped into memory, in which the server records which plugin's code is running. The system
/// keeps what was written there however the process ends: by a stack overflow, an exit, a fault in native code. The
/// next start reads it. Safe from any thread.</summary>
/// <remarks>The engine sets a slot around each call into a plugin: to the plugin's number while the call is on a
/// thread, and to its negative while the answer is awaited. What the host begins by itself, a start or background work,
/// is recorded while it is on a thread; see <see cref="FlowMarks"/>. The file stays mapped as long as the process
/// lives, because plugins that hang write to it until the end. On Linux it may be truncated or overwritten in place
/// meanwhile; see <see cref="FileLease"/>.</remarks>
public sealed unsafe class CrashJournal : ICrashJournal
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly CrashJournalFile _file;
    private readonly Stack<IntPtr> _free = new();
    private readonly Dictionary<string, int> _newest = new(StringComparer.OrdinalIgnoreCase);
    private readonly FlowMarks _flows;
    private readonly ITimer _sweeping;
    private int _cells, _last;

    private CrashJournal(CrashJournalFile file, PreviousRun previousRun)
    {
        (_file, PreviousRun, _flows) = (file, previousRun, new FlowMarks(this));
        _sweeping = TimeProvider.System.CreateTimer(_ => Sweep(), null, _sweepInterval, _sweepInterval);
    }

    internal PreviousRun PreviousRun { get; }

    /// <summary>Reads what the run before this one left in the file, then starts a new file.</summary>
    /// <param name="path">The file, created if it does not exist. One process at a time may use it.</param>
    /// <param name="previousExit">How that run ended, as far as the caller knows.</param>
    /// <exception cref="IOException">The file cannot be read or created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read or created.</exception>
    public static CrashJournal Open(string path, PreviousExit previousExit = PreviousExit.Unknown)
    {
        var previousRun = CrashJournalReader.Read(path, previousExit);
        return new CrashJournal(new CrashJournalFile(path), previousRun);
    }

    /// <summary>Records that the process ends as it should. Whatever happens afterwards is nobody's fault.</summary>
    public void Close()
    {
        _sweeping.Dispose();
        _file.Close();
    }

    /// <inheritdoc/>
    public JournalSlot Take()
    {
        lock (_lock)
        {
            return _free.TryPop(out var free) ? new JournalSlot(free)
                : _cells < CrashJournalFile.Cells ? new JournalSlot((IntPtr)_file.Cell(_cells++)) : default;
        }
    }

    /// <inheritdoc/>
    public void Return(JournalSlot slot)
    {
        slot.Set(JournalSlot.Nobody);
        if (slot.Address == IntPtr.Zero)
            return;
        lock (_lock)
            _free.Push(slot.Address);
    }

    /// <summary>Numbers a version of a plugin. Numbers are reused in turn, except each plugin's newest.</summary>
    /// <returns>The number; 0 if its name is too long to be recorded.</returns>
    internal int Register(PluginFingerprint plugin)
    {
        var name = Encoding.UTF8.GetBytes($"{plugin.Id}\t{plugin.Content}");
        lock (_lock)
        {
            for (var tries = 0; tries < CrashJournalFile.Names && name.Length <= CrashJournalFile.LongestName; tries++)
            {
                _last = (_last % CrashJournalFile.Names) + 1;
                if (_newest.ContainsValue(_last))
                    continue;
                _file.WriteName(_last, name);
                return _newest[plugin.Id] = _last;
            }
        }

        return JournalSlot.Nobody;
    }

    /// <inheritdoc cref="FlowMarks.Begin"/>
    internal IDisposable Enter(int number) => _flows.Begin(number);

    /// <summary>Records, until the process ends, that a plugin has ended it.</summary>
    internal void Accuse(int number) => Take().Set(number);

    /// <summary>Keeps the times of unexplained ends for the next start.</summary>
    internal void KeepUnexplained(IReadOnlyList<DateTimeOffset> ends) => _file.WriteEnds(ends);

    /// <inheritdoc cref="FlowMarks.Sweep"/>
    internal void Sweep() => _flows.Sweep();
}
