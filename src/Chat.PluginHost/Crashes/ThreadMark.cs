namespace Chat.PluginHost.Crashes;

/// <summary>The slot in the journal that says whose flow one thread is running.</summary>
internal sealed unsafe class ThreadMark(JournalSlot slot)
{
    private int _changes, _seen;

    /// <summary>The thread: the one that made this object.</summary>
    public Thread Thread { get; } = Thread.CurrentThread;

    public JournalSlot Slot => slot;

    /// <summary>The thread has begun to run a plugin's flow, or another one. Called on the thread itself.</summary>
    /// <param name="number">The plugin's number; 0 for none.</param>
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
