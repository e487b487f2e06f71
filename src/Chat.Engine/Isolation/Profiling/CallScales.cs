using System.Collections.Concurrent;

namespace Chat.Engine.Isolation.Profiling;

/// <summary>
/// Weighs calls of plugins, one by one, while it is on: the bytes they allocate, the threads they start. Off, it costs a call the look
/// at one field. Safe from any thread.
/// </summary>
internal sealed class CallScales(IProcessFigures process)
{
    private readonly ConcurrentDictionary<CallTarget, Pan> _pans = new();
    private volatile bool _isOn;
    private Action<CallWeight>? _weighed;
    private long _begun;
    private int _open;

    /// <summary>Whether calls are weighed.</summary>
    public bool IsOn => _isOn;

    /// <summary>What has been weighed so far.</summary>
    public IReadOnlyList<CallWeight> All => [.. _pans.Select(pan => pan.Value.WeightOf(pan.Key))];

    /// <summary>Begins afresh.</summary>
    /// <param name="weighed">Is told after each call what all calls of the same have taken; on the call's own thread.</param>
    public void Start(Action<CallWeight> weighed)
    {
        _pans.Clear();
        _weighed = weighed;
        _isOn = true;
    }

    /// <summary>Weighs no more, and lets go of all that was called.</summary>
    public void Stop()
    {
        _isOn = false;
        _pans.Clear();
    }

    /// <summary>A call begins on this thread.</summary>
    public WeighedCall Begin()
    {
        // Threads are those of the whole process: what comes while two calls overlap is nobody's.
        var isAlone = Interlocked.Increment(ref _open) == 1;
        return new WeighedCall(process.AllocatedHere, process.Threads, Interlocked.Increment(ref _begun), isAlone);
    }

    /// <summary>The call has returned, on the same thread.</summary>
    public void End(CallTarget target, WeighedCall before)
    {
        Interlocked.Decrement(ref _open);
        if (!_isOn)
            return;
        var pan = _pans.GetOrAdd(target, static _ => new Pan());
        var isAlone = before.IsAlone && Volatile.Read(ref _begun) == before.Number;
        pan.Add(process.AllocatedHere - before.Bytes, isAlone ? process.Threads - before.Threads : 0);
        _weighed?.Invoke(pan.WeightOf(target));
    }

    private sealed class Pan
    {
        private long _calls, _bytes, _threads;

        public void Add(long bytes, long threads)
        {
            Interlocked.Increment(ref _calls);
            Interlocked.Add(ref _bytes, bytes);
            Interlocked.Add(ref _threads, threads);
        }

        public CallWeight WeightOf(CallTarget target) => new(target, Volatile.Read(ref _calls), Volatile.Read(ref _bytes), Volatile.Read(ref _threads));
    }
}
