using System.Text;

namespace Chat.PluginHost.Crashes;

/// <summary>A small file, mapped into memory, in which the server records which plugin's code is running. The system
/// keeps what was written there however the process ends: by a stack overflow, an exit, a fault in native code. The
/// next start reads it.</summary>
/// <remarks>Two kinds of entries are kept. The engine sets a slot around each call into a plugin: to the plugin's
/// number while the call is on a thread, and to its negative while the answer is awaited. What the host begins by
/// itself, a start or background work, is recorded while it is on a thread and not while it waits; see
/// <see cref="FlowMarks"/>. Safe from any thread. The file stays mapped as long as the process lives, because plugins
/// that hang write to it until the end. On Linux it may be truncated or overwritten in place meanwhile; see
/// <see cref="FileLease"/>.</remarks>
public sealed unsafe class CrashJournal : ICrashJournal
{
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private readonly CrashJournalFile _file;
    private readonly Stack<IntPtr> _free = new();
    private readonly Dictionary<string, int> _newest = new(StringComparer.OrdinalIgnoreCase);
    private readonly FlowMarks _flows;
    private readonly ITimer _sweeping;
    private int _cells;
    private int _last;

    private CrashJournal(CrashJournalFile file, PreviousRun previousRun)
    {
        _file = file;
        PreviousRun = previousRun;
        _flows = new FlowMarks(this);
        _sweeping = TimeProvider.System.CreateTimer(_ => Sweep(), null, _sweepInterval, _sweepInterval);
    }

    /// <summary>What the file told of the run before this one.</summary>
    public PreviousRun PreviousRun { get; }

    /// <summary>Reads what the run before this one left in the file, then starts a new file.</summary>
    /// <param name="path">The file, created if it does not exist. One process at a time may use it.</param>
    /// <param name="previousExit">How that run ended, as far as the caller knows.</param>
    /// <exception cref="IOException">The file cannot be read or created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read or created.</exception>
    public static CrashJournal Open(string path, PreviousExit previousExit = PreviousExit.Unknown)
    {
        var previousRun = CrashJournalReader.Read(path, previousExit);
        return new CrashJournal(CrashJournalFile.Create(path), previousRun);
    }

    /// <summary>Gives a version of a plugin a number.</summary>
    /// <returns>The number; 0 if its name is too long to be recorded.</returns>
    public int Register(PluginFingerprint plugin)
    {
        _ = plugin ?? throw new ArgumentNullException(nameof(plugin));
        var name = Encoding.UTF8.GetBytes($"{plugin.Id}\t{plugin.Content}");
        if (name.Length > CrashJournalFile.LongestName)
            return JournalSlot.Nobody;
        lock (_lock)
        {
            // Numbers are reused in turn, except the newest one of each plugin.
            for (var tries = 0; tries < CrashJournalFile.Names; tries++)
            {
                _last = (_last % CrashJournalFile.Names) + 1;
                if (_newest.ContainsValue(_last))
                    continue;
                _file.WriteName(_last, name);
                _newest[plugin.Id] = _last;
                return _last;
            }
        }

        return JournalSlot.Nobody;
    }

    /// <summary>Records that the code that follows in this flow of execution is a plugin's, whenever it is on a thread.
    /// For what is called rarely, such as a start or a stop.</summary>
    /// <param name="number">The plugin's number; 0 for the host's own code.</param>
    /// <returns>Ends the record when it is disposed, in the same flow.</returns>
    public IDisposable Enter(int number) => _flows.Begin(number);

    /// <summary>Records, until the process ends, that a plugin has ended it.</summary>
    /// <param name="number">The plugin's number.</param>
    public void Accuse(int number) => Take().Set(number);

    /// <summary>Records that the process ends as it should. Whatever happens afterwards is nobody's fault.</summary>
    public void Close()
    {
        _sweeping.Dispose();
        _file.Close();
    }

    /// <summary>Keeps the times of unexplained ends for the next start.</summary>
    public void KeepUnexplained(IReadOnlyList<DateTimeOffset> ends) => _file.WriteEnds(ends);

    /// <inheritdoc/>
    public JournalSlot Take()
    {
        lock (_lock)
        {
            if (_free.Count > 0)
                return new JournalSlot(_free.Pop());
            return _cells < CrashJournalFile.Cells ? new JournalSlot((IntPtr)_file.Cell(_cells++)) : default;
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

    /// <inheritdoc cref="FlowMarks.Sweep"/>
    internal void Sweep() => _flows.Sweep();
}
