using Chat.Engine.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Isolation.Profiling;

/// <summary>
/// Looks once a second at how much memory and how many threads the process has. When either passes its mark, calls of plugins are weighed
/// until it is known whose they are: that one goes out of use. Nobody is accused of garbage, which goes by itself: only of what stays
/// after a collection, and only who has allocated most of it.
/// </summary>
internal sealed class ResourceAlarm(ResourceLimits limits, TimeProvider clock, IProcessFigures process, CallScales scales, ILogger logger) : IDisposable
{
    /// <summary>What allocates less in a call is a hook like any other.</summary>
    private const long LeastBytesPerCall = 64 * 1024;

    private const long LeastGrowth = 1024 * 1024, LeastCalls = 3;

    /// <summary>So much is enough to judge by.</summary>
    private const long EnoughBytes = 16 * 1024 * 1024;

    /// <summary>Whoever starts so many threads that do not end, in more calls than one, is found.</summary>
    private const int ManyThreads = 64, LeastThreadCalls = 2;

    /// <summary>After so many looks it is over, whether somebody was found or not.</summary>
    private const int MostLooks = 60;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private ITimer? _timer;
    private long _memoryMark = limits.Memory;
    private int _threadMark = limits.Threads;
    private long _heapAtStart;
    private int _looks;

    /// <summary>Looks from now on.</summary>
    public void Start() => _timer = clock.CreateTimer(_ => Look(), null, _interval, _interval);

    /// <summary>Looks once.</summary>
    public void Look()
    {
        // A look that takes longer than the time to the next one is not met by it.
        if (!Monitor.TryEnter(_lock))
            return;
        try
        {
            if (scales.IsOn)
                Judge();
            else
                LookOut();
        }
        finally
        {
            Monitor.Exit(_lock);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        scales.Stop();
    }

    private bool HasMuchMemory => _memoryMark > 0 && process.HeapBytes > _memoryMark;

    private bool HasManyThreads => _threadMark > 0 && process.Threads > _threadMark;

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1048576.0:0.#} MB");

    private void LookOut()
    {
        var hasManyThreads = HasManyThreads;
        if (!HasMuchMemory && !hasManyThreads)
            return;
        EngineLog.ResourceAlarm(logger, hasManyThreads ? $"{process.Threads} threads besides those of the pool" : $"a managed heap of {Megabytes(process.HeapBytes)}");
        _heapAtStart = process.CollectedHeapBytes();
        _looks = 0;
        scales.Start(Weighed);
    }

    /// <summary>Threads are countable: who starts them is known at once.</summary>
    private void Weighed(CallWeight weight)
    {
        if (weight.Threads < ManyThreads || weight.Calls < LeastThreadCalls)
            return;
        lock (_lock)
        {
            if (scales.IsOn)
                Blame(weight, FormattableString.Invariant($"it starts threads that do not end: {weight.Threads} in {weight.Calls} calls"));
        }
    }

    private void Judge()
    {
        var weights = scales.All;
        var bytes = weights.Sum(weight => weight.Bytes);
        var isOver = ++_looks >= MostLooks;
        if (bytes < EnoughBytes && !isOver)
            return;

        var heap = process.CollectedHeapBytes();
        var growth = heap - _heapAtStart;
        var most = weights.OrderByDescending(weight => weight.Bytes).FirstOrDefault();
        var isIts = growth >= LeastGrowth && most.Calls >= LeastCalls && most.Bytes >= most.Calls * LeastBytesPerCall
            && most.Bytes * 2 >= Math.Max(growth, bytes) && growth * 2 >= most.Bytes;
        if (isIts)
            Blame(most, FormattableString.Invariant($"it keeps memory: {most.Calls} calls allocated {Megabytes(most.Bytes)}, while what is in use grew by {Megabytes(growth)} to {Megabytes(heap)}"));
        else if (isOver || growth < LeastGrowth)
            End(found: false);
    }

    private void Blame(CallWeight weight, string what)
    {
        weight.Target.PutOutOfUse(what);
        End(found: true);
    }

    /// <summary>What there is now is not alarming again: a quarter more would be.</summary>
    private void End(bool found)
    {
        scales.Stop();
        if (limits.Memory > 0)
            _memoryMark = Math.Max(limits.Memory, process.HeapBytes / 4 * 5);
        if (limits.Threads > 0)
            _threadMark = Math.Max(limits.Threads, process.Threads / 4 * 5);
        if (!found)
            EngineLog.NobodyFound(logger);
    }
}
