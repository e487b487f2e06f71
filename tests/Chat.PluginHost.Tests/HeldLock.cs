namespace Chat.PluginHost.Tests;

/// <summary>An object whose lock another thread holds until this is disposed of.</summary>
internal sealed class HeldLock : IDisposable
{
    private readonly ManualResetEventSlim _taken = new(), _release = new();
    private readonly Thread _holder;

    public HeldLock()
    {
        _holder = new Thread(Hold);
        _holder.Start();
        _taken.Wait();
    }

    /// <summary>What is locked.</summary>
    public object Object { get; } = new();

    public void Dispose()
    {
        _release.Set();
        _holder.Join();
        _taken.Dispose();
        _release.Dispose();
    }

    private void Hold()
    {
        lock (Object)
        {
            _taken.Set();
            _release.Wait();
        }
    }
}
