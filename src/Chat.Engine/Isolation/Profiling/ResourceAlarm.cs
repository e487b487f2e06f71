namespace Chat.Engine.Isolation.Profiling;

/// <summary>Checks the memory and thread usage of the process once a second. If either exceeds its limit, calls into
/// plugins are profiled until the responsible plugin is known, which is then disabled. Garbage does not count: only
/// memory that survives a collection counts, and only against the plugin that allocated most of it.</summary>
internal sealed class ResourceAlarm(
    ResourceLimits limits, TimeProvider clock, IProcessResources process, CallProfiler profiler, ILogger logger)
    : IDisposable
{
    /// <summary>A plugin below any of these (bytes per call, heap growth, calls) is not suspected.</summary>
    private const long LeastBytesPerCall = 64 * 1024, LeastGrowth = 1024 * 1024, LeastCalls = 3;

    /// <summary>The number of measured bytes that is enough for a verdict.</summary>
    private const long EnoughBytes = 16 * 1024 * 1024;

    /// <summary>The number of threads, in at least this many calls, that identifies a plugin as responsible.</summary>
    private const int ManyThreads = 64, LeastThreadCalls = 2;

    /// <summary>The number of checks after which profiling ends, with or without a result.</summary>
    private const int MostChecks = 60;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private ITimer? _timer;
    private long _memoryLimit = limits.Memory;
    private int _threadLimit = limits.Threads;
    private long _heapAtStart;
    private int _checks;

    /// <summary>The number of checks during which no collection is forced, unless memory grows much further.</summary>
    private int _pause;

    /// <summary>Starts checking.</summary>
    public void Start() => _timer = clock.CreateTimer(_ => Check(), null, _interval, _interval);

    /// <summary>Checks once. Returns immediately if another check is in progress.</summary>
    public void Check()
    {
        if (!Monitor.TryEnter(_lock))
            return;
        try
        {
            if (profiler.IsOn)
                Judge();
            else
                Measure();
        }
        finally
        {
            Monitor.Exit(_lock);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        profiler.Stop();
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1048576.0:0.#} MB");

    private void Measure()
    {
        var threads = process.Threads;
        var hasManyThreads = _threadLimit > 0 && threads > _threadLimit;
        if (!hasManyThreads && !MayHaveMuchMemory())
            return;

        // Only a collection shows how much of it is garbage.
        _heapAtStart = process.CollectedHeapBytes();
        var isGarbage = !hasManyThreads && _heapAtStart <= _memoryLimit;
        _pause = isGarbage ? MostChecks / 2 : 0;
        if (isGarbage)
            return;
        var symptom = hasManyThreads
            ? $"{threads} threads besides those of the pool"
            : $"a managed heap of {Megabytes(_heapAtStart)}";
        EngineLog.ResourceAlarm(logger, symptom);
        _checks = 0;
        profiler.Start(Measured);
    }

    private bool MayHaveMuchMemory()
    {
        var allocated = process.AllocatedBytes;
        return _memoryLimit > 0 && allocated > _memoryLimit && (_pause-- <= 0 || allocated > _memoryLimit / 2 * 3);
    }

    /// <summary>Checks after each call for a plugin that starts threads; a few calls are enough to identify
    /// it.</summary>
    private void Measured()
    {
        var profiles = profiler.All.OrderByDescending(profile => profile.ThreadsPerCall).Take(2).ToList();
        var most = profiles[0];

        // Calls that always overlap look alike; in that case no plugin is blamed.
        var isClear = profiles.Count == 1 || most.ThreadsPerCall > profiles[1].ThreadsPerCall * 2;
        if (!isClear || most.Calls < LeastThreadCalls || most.Threads < ManyThreads || !Monitor.TryEnter(_lock))
            return;
        try
        {
            if (profiler.IsOn)
            {
                var fault = FormattableString.Invariant(
                    $"it starts threads that do not end: {most.Threads} in {most.Calls} calls");
                Convict(most, fault);
            }
        }
        finally
        {
            Monitor.Exit(_lock);
        }
    }

    private void Judge()
    {
        var profiles = profiler.All;
        var bytes = profiles.Sum(profile => profile.Bytes);
        var isOver = ++_checks >= MostChecks;
        if (bytes < EnoughBytes && !isOver)
            return;

        var heap = process.CollectedHeapBytes();
        var growth = heap - _heapAtStart;
        var most = profiles.OrderByDescending(profile => profile.Bytes).FirstOrDefault();
        var isResponsible = growth >= LeastGrowth && most.Calls >= LeastCalls
            && most.Bytes >= most.Calls * LeastBytesPerCall
            && most.Bytes * 2 >= Math.Max(growth, bytes) && growth * 2 >= most.Bytes;
        if (isResponsible)
        {
            var what = FormattableString.Invariant(
                $"it keeps memory: {most.Calls} calls allocated {Megabytes(most.Bytes)}");
            Convict(most, $"{what}, while the heap grew by {Megabytes(growth)} to {Megabytes(heap)}");
        }
        else if (isOver || growth < LeastGrowth)
        {
            Stop();
            EngineLog.NobodyFound(logger);
        }
    }

    private void Convict(CallProfile profile, string fault)
    {
        profile.Target.Disable(fault);
        Stop();
    }

    /// <summary>Stops profiling and raises the limits to 25 percent above the current usage.</summary>
    private void Stop()
    {
        profiler.Stop();
        if (limits.Memory > 0)
            _memoryLimit = Math.Max(limits.Memory, process.AllocatedBytes / 4 * 5);
        if (limits.Threads > 0)
            _threadLimit = Math.Max(limits.Threads, process.Threads / 4 * 5);
    }
}
