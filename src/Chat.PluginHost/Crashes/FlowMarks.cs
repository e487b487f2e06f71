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

    /// <summary>The code that follows in this flow is the plugin's, until the result is disposed in the same
    /// flow.</summary>
    /// <param name="number">The plugin's number; 0 for the host.</param>
    public IDisposable Begin(int number)
    {
        var before = _plugin.Value;
        _plugin.Value = number;
        return new Mark(this, before);
    }

    /// <summary>Clears the marks that have not changed since the last sweep, and frees those of threads that have
    /// ended. Called every 30 s: how a process dies is written down first, which takes a while, so a mark must not be
    /// cleared too early.</summary>
    public void Sweep()
    {
        lock (_marks)
        {
            foreach (var mark in _marks)
                mark.Sweep();
            var ended = _marks.Where(mark => !mark.Thread.IsAlive).ToHashSet();
            foreach (var mark in ended)
                _journal.Return(mark.Slot);
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

    private sealed class Mark(FlowMarks marks, int before) : IDisposable
    {
        public void Dispose() => marks._plugin.Value = before;
    }
}
