namespace Chat.Engine.Crashes;

/// <summary>A note that stands until it is disposed.</summary>
internal sealed class HeldNote(BlackBox box, Note note) : IDisposable
{
    private int _isDisposed;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            box.Return(note);
    }
}
