using System.Collections.Concurrent;

namespace Chat.Engine.Isolation.Profiling;

/// <summary>Measures, while it is on, how much calls into plugins allocate and how many threads they start. While it is
/// off, it costs a call one field read. Safe from any thread.</summary>
/// <remarks>Threads are counted for the whole process, so a call is also charged for threads that others start while it
/// runs. That evens out: a short call rarely overlaps with any particular other call, but the call that starts the
/// threads is charged every time.</remarks>
internal sealed class CallProfiler(IProcessResources process)
{
    private readonly ConcurrentDictionary<CallTarget, CallProfile> _profiles = new();
    private volatile bool _isOn;
    private Action? _measured;

    /// <summary>Whether calls are measured.</summary>
    public bool IsOn => _isOn;

    /// <summary>The measurements so far.</summary>
    public IReadOnlyCollection<CallProfile> All => [.. _profiles.Values];

    /// <summary>Starts measuring.</summary>
    /// <param name="measured">Called after each call, on its thread.</param>
    public void Start(Action measured)
    {
        _profiles.Clear();
        _measured = measured;
        _isOn = true;
    }

    /// <summary>Stops measuring and forgets all targets.</summary>
    public void Stop()
    {
        _isOn = false;
        _profiles.Clear();
    }

    /// <summary>Starts measuring a call on the current thread.</summary>
    public (long Bytes, int Threads) Begin() => (process.AllocatedHere, process.Threads);

    /// <summary>Records the call after it has returned, on the same thread.</summary>
    public void End(CallTarget target, (long Bytes, int Threads) before)
    {
        if (!_isOn)
            return;
        var call = new CallProfile(target, 1, process.AllocatedHere - before.Bytes, process.Threads - before.Threads);
        _profiles.AddOrUpdate(
            target, call,
            (_, sum) => new CallProfile(target, sum.Calls + 1, sum.Bytes + call.Bytes, sum.Threads + call.Threads));
        _measured?.Invoke();
    }
}
