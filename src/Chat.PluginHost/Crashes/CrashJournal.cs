using System.Text;
using Chat.Engine.Isolation;

namespace Chat.PluginHost.Crashes;

/// <summary>
/// A small file, mapped into memory, in which the server notes which plugin's code is running. The system keeps what is written there
/// however the process ends: by a stack overflow, an exit, a fault in native code. The next start reads who was running.
/// </summary>
/// <remarks>Safe from any thread. Stays mapped as long as the process lives, as plugins that do not return write to it to the end.</remarks>
public sealed unsafe class CrashJournal : ICrashJournal
{
    private readonly object _lock = new();
    private readonly CrashJournalFile _file;
    private readonly Stack<IntPtr> _free = new();
    private readonly Dictionary<string, int> _newest = new(StringComparer.OrdinalIgnoreCase);
    private int _cells;
    private int _last;

    private CrashJournal(CrashJournalFile file, PreviousRun lastRun)
    {
        _file = file;
        PreviousRun = lastRun;
    }

    /// <summary>What the file told of the run before this one.</summary>
    public PreviousRun PreviousRun { get; }

    /// <summary>Reads what the run before this one has left, then begins anew.</summary>
    /// <param name="path">The file; made when it is not there. For one process at a time.</param>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read or made.</exception>
    public static CrashJournal Open(string path)
    {
        var last = CrashJournalReader.Read(path);
        return new CrashJournal(CrashJournalFile.Create(path), last);
    }

    /// <summary>Gives a version of a plugin a number.</summary>
    /// <returns>The number; 0 when its name is too long to be noted.</returns>
    public int Register(PluginFingerprint plugin)
    {
        _ = plugin ?? throw new ArgumentNullException(nameof(plugin));
        var name = Encoding.UTF8.GetBytes($"{plugin.Id}\t{plugin.Content}");
        if (name.Length > CrashJournalFile.LongestName)
            return JournalSlot.Nobody;
        lock (_lock)
        {
            // Numbers go round; the newest of each plugin is never given away.
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

    /// <summary>Notes that a plugin's code runs, for what is called rarely: a start, a stop.</summary>
    /// <param name="number">The plugin's number; 0 for none.</param>
    /// <param name="isWaitedFor">Whether it need not be running all the time: it is a suspect only when no other plugin is.</param>
    /// <returns>Ends the note when it is disposed.</returns>
    public IDisposable Enter(int number, bool isWaitedFor = false)
    {
        var note = Take();
        note.Set(isWaitedFor ? -number : number);
        return new JournalEntry(this, note);
    }

    /// <summary>Notes for good that a plugin ends the process, on a thread of its own.</summary>
    /// <param name="number">The plugin's number.</param>
    public void Accuse(int number) => Take().Set(number);

    /// <summary>Notes that the process ends as it should. Nothing that happens afterwards is held against anybody.</summary>
    public void Close() => _file.SetState(CrashJournalFile.Clean);

    /// <summary>Keeps for the next start when there were ends that nothing is known of.</summary>
    public void KeepUnexplained(IReadOnlyList<DateTimeOffset> ends) => _file.WriteEnds(ends);

    /// <summary>Takes a place for a runner; none when all are taken.</summary>
    public JournalSlot Take()
    {
        lock (_lock)
        {
            if (_free.Count > 0)
                return new JournalSlot(_free.Pop());
            return _cells < CrashJournalFile.Cells ? new JournalSlot((IntPtr)_file.Cell(_cells++)) : default;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Return(JournalSlot slot)
    {
        slot.Set(JournalSlot.Nobody);
        if (slot.Address == IntPtr.Zero)
            return;
        lock (_lock)
            _free.Push(slot.Address);
    }
}
