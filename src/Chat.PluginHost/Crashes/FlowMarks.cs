namespace Chat.PluginHost.Crashes;

/// <summary>Marks every thread that is running code of a plugin that the host has begun by itself: a start, background
/// work, and whatever either of them continues after an <c>await</c>, queues, or starts a thread or timer for. The mark
/// travels with the execution context, so a plugin that only waits marks nothing. Safe from any thread.</summary>
/// <remarks>Two things are not seen: code that suppresses the flow of the execution context, and code that has kept one
/// thread for longer than two sweeps. The latter is most likely blocked, in a sleep or a read, and counts as waiting
/// from then on.</remarks>
internal sealed class FlowMarks
{
    private readonly CrashJournal _journal;
    private readonly AsyncLocal<int> _plugin;
    private readonly ThreadLocal<ThreadMark> _current;
    private readonly List<ThreadMark> _marks = [];

    public FlowMarks(CrashJournal journal)
    {
        _journal = journal;
        _current = new ThreadLocal<ThreadMark>(Add);
        _plugin = new AsyncLocal<int>(change => _current.Value!.Set(change.CurrentValue));
    }

    /// <summary>The code that follows is the plugin's, until the result is disposed in the same flow.</summary>
    public IDisposable Begin(int number)
    {
        var mark = new Mark(_plugin, _plugin.Value);
        _plugin.Value = number;
        return mark;
    }

    /// <summary>Clears the marks that have not changed since the last sweep, and frees those of threads that have
    /// ended. Called every 30 s: how a process dies is written down first, which takes a while, so a mark must not be
    /// cleared too early.</summary>
    public void Sweep()
    {
        lock (_marks)
        {
            _marks.ForEach(mark => mark.Sweep());
            var ended = _marks.FindAll(mark => !mark.Thread.IsAlive);
            ended.ForEach(mark => _journal.Return(mark.Slot));
            _marks.RemoveAll(ended.Contains);
        }
    }

    private ThreadMark Add()
    {
        var mark = new ThreadMark(_journal.Take());
        lock (_marks)
            _marks.Add(mark);
        return mark;
    }

    private sealed class Mark(AsyncLocal<int> plugin, int before) : IDisposable
    {
        public void Dispose() => plugin.Value = before;
    }

    /// <summary>The slot in the journal that says whose flow one thread is running: the one that made this.</summary>
    private sealed unsafe class ThreadMark(JournalSlot slot)
    {
        private int _changes, _seen;

        public Thread Thread { get; } = Thread.CurrentThread;
        public JournalSlot Slot => slot;

        /// <summary>The thread has begun to run a plugin's flow, or another one. Called on the thread itself.</summary>
        public void Set(int number)
        {
            Volatile.Write(ref _changes, _changes + 1);
            slot.Set(number);
        }

        /// <summary>Clears the slot if it has not been set since the last sweep. One caller at a time.</summary>
        public void Sweep()
        {
            var cell = (int*)slot.Address;
            if (cell == null)
                return;
            var number = Volatile.Read(ref *cell);
            var changes = Volatile.Read(ref _changes);
            if (changes == _seen)
                _ = Interlocked.CompareExchange(ref *cell, JournalSlot.Nobody, number);
            _seen = changes;
        }
    }
}
