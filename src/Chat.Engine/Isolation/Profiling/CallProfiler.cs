using System.Collections.Concurrent;
using Chat.Engine.Isolation.Targets;

namespace Chat.Engine.Isolation.Profiling;

/// <summary>
/// Measures what calls into plugins allocate and how many threads they start, while it is on. While it is off, it costs a call the read of one field.
/// Safe from any thread.
/// </summary>
/// <remarks>
/// Threads are counted for the whole process, so a call is also charged what others start while it runs. That evens out: a short call rarely overlaps
/// with a given other one, whereas the call that starts the threads is charged each time.
/// </remarks>
internal sealed class CallProfiler(IProcessResources process)
{
    private readonly ConcurrentDictionary<CallTarget, CallProfile> _profiles = new();
    private volatile bool _isOn;
    private Action? _measured;

    /// <summary>Whether calls are measured.</summary>
    public bool IsOn => _isOn;

    /// <summary>What has been measured so far.</summary>
    public IReadOnlyCollection<CallProfile> All => [.. _profiles.Values];

    /// <summary>Starts measuring.</summary>
    /// <param name="measured">Called after each call, on its thread.</param>
    public void Start(Action measured)
    {
        _profiles.Clear();
        _measured = measured;
        _isOn = true;
    }

    /// <summary>Stops measuring and forgets everything that was called.</summary>
    public void Stop()
    {
        _isOn = false;
        _profiles.Clear();
    }

    /// <summary>A call begins on this thread.</summary>
    public (long Bytes, int Threads) Begin() => (process.AllocatedHere, process.Threads);

    /// <summary>The call has returned, on the same thread.</summary>
    public void End(CallTarget target, (long Bytes, int Threads) before)
    {
        if (!_isOn)
            return;
        var call = new CallProfile(target, 1, process.AllocatedHere - before.Bytes, process.Threads - before.Threads);
        _profiles.AddOrUpdate(
            target,
            call,
            (_, sum) => new CallProfile(target, sum.Calls + 1, sum.Bytes + call.Bytes, sum.Threads + call.Threads));
        _measured?.Invoke();
    }
}
