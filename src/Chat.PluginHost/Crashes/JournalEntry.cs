using Chat.Engine.Isolation;

namespace Chat.PluginHost.Crashes;

/// <summary>A note that stands until it is disposed.</summary>
internal sealed class JournalEntry(CrashJournal box, JournalSlot slot) : IDisposable
{
    private int _isDisposed;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            box.Return(slot);
    }
}
