using System.Diagnostics;

namespace Chat.Engine.Isolation;

/// <summary>Checks all leases every 10 ms on its own thread and revokes those whose runners are stuck in a plugin, so
/// runners never read a clock. Sleeps while no calls are made.</summary>
internal sealed class Watchdog(TimeProvider clock, TimeSpan warnAfter, CallProfiler profiler) : IDisposable
{
    /// <summary>How long code may take to end after it was asked to stop.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);

    /// <summary>The time between two checks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>The most compilation time to subtract later. Several threads compile at once; that must not delay the
    /// watchdog for long.</summary>
    private static readonly TimeSpan _mostOwed = TimeSpan.FromSeconds(1);

    /// <summary>The number of consecutive checks without any movement after which the watchdog sleeps.</summary>
    private const int LooksBeforeSleep = 20;

    /// <summary>Static because all servers of the process share the thread pool.</summary>
    private static readonly object _poolLock = new();

    private readonly object _lock = new();
    private readonly List<Lease> _leases = [];
    private readonly AutoResetEvent _wake = new(initialState: false);
    private volatile bool _isAsleep = true;
    private volatile bool _isEnded;
    private Thread? _thread;
    private int _abandoned;
    private long _abandonedEver;

    /// <summary>The profiler that measures calls while it is on.</summary>
    public CallProfiler Profiler { get; } = profiler;

    /// <summary>The journal in which runners record whose code they run; <see langword="null"/> if there is
    /// none.</summary>
    public ICrashJournal? CrashJournal { get; init; }

    /// <summary>Returns how long the runtime has compiled code so far, on all threads.</summary>
    public Func<TimeSpan> CompilationTime { get; init; } = RuntimeCompilationTime;

    /// <summary>Whether the watchdog sleeps. If so, a runner that begins a call must call <see cref="Wake"/>.</summary>
    public bool IsAsleep => _isAsleep;

    /// <summary>The number of threads that are stuck in plugins now.</summary>
    public int AbandonedThreads => Volatile.Read(ref _abandoned);

    /// <summary>The number of threads that have ever been stuck.</summary>
    public long AbandonedThreadsEver => Volatile.Read(ref _abandonedEver);

    public void Wake()
    {
        _isAsleep = false;
        _wake.Set();
    }

    /// <summary>Starts its thread, unless it runs already. A server does so at its start: later the system may have no
    /// thread to give.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (!_isEnded)
                _thread ??= BackgroundThread.Start("Chat watchdog", Run);
        }
    }

    /// <summary>Starts watching a lease.</summary>
    public void Watch(Lease lease)
    {
        lock (_lock)
        {
            if (_isEnded)
                return;
            lease.Place = _leases.Count;
            _leases.Add(lease);
            Start();
        }
    }

    /// <summary>Stops watching a lease.</summary>
    public void Forget(Lease lease)
    {
        lock (_lock)
        {
            if (lease.Place < 0)
                return;
            var last = _leases[^1];
            _leases[lease.Place] = last;
            last.Place = lease.Place;
            _leases.RemoveAt(_leases.Count - 1);
            lease.Place = -1;
        }
    }

    /// <summary>Counts a stuck thread.</summary>
    /// <param name="isOfPool">Whether it is a pool thread, which the pool then replaces. An event loop's thread has
    /// already been replaced.</param>
    public void ThreadAbandoned(bool isOfPool)
    {
        Interlocked.Increment(ref _abandoned);
        Interlocked.Increment(ref _abandonedEver);
        if (isOfPool)
            AddPoolThreads(1);
    }

    /// <summary>Counts a stuck thread that has returned.</summary>
    /// <param name="isOfPool">The value passed to <see cref="ThreadAbandoned"/>.</param>
    public void ThreadRecovered(bool isOfPool)
    {
        Interlocked.Decrement(ref _abandoned);
        if (isOfPool)
            AddPoolThreads(-1);
    }

    public void Dispose()
    {
        _isEnded = true;
        Wake();
    }

    private static void AddPoolThreads(int count)
    {
        lock (_poolLock)
        {
            ThreadPool.GetMinThreads(out var workers, out var completionPorts);
            ThreadPool.SetMinThreads(Math.Max(1, workers + count), completionPorts);
        }
    }

    private static TimeSpan RuntimeCompilationTime() =>
#if NET
        System.Runtime.JitInfo.GetCompilationTime();
#else
        TimeSpan.Zero;
#endif

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void Run()
    {
        var quiet = 0;
        var lastLook = clock.GetTimestamp();
        var lastTick = Stopwatch.GetTimestamp();
        var lastCompiled = CompilationTime();
        var owed = TimeSpan.Zero;
        while (!_isEnded)
        {
            _wake.WaitOne(_isAsleep ? Timeout.InfiniteTimeSpan : Interval);

            // Time in which this thread did not run either (a busy machine, a debugger, a suspended process) is not
            // charged to the call. Neither is time in which the runtime compiles code: the first calls of a hook need a
            // lot of it. It is known only once a method is compiled, when it has already been charged, so the time that
            // follows is not charged instead. Later the runtime mostly recompiles frequently used code, on its own
            // thread, which delays no call.
            var elapsed = clock.GetElapsedTime(lastLook);
            var ticksSinceLast =
                (double)(Stopwatch.GetTimestamp() - lastTick) * TimeSpan.TicksPerSecond / Stopwatch.Frequency;
            var late = TimeSpan.FromTicks((long)ticksSinceLast) - Interval - Interval;
            lastLook = clock.GetTimestamp();
            lastTick = Stopwatch.GetTimestamp();
            if (late > TimeSpan.Zero)
                elapsed = elapsed > late ? elapsed - late : TimeSpan.Zero;
            var compiled = CompilationTime();
            owed = Min(owed + compiled - lastCompiled, _mostOwed);
            lastCompiled = compiled;
            if (Debugger.IsAttached)
                elapsed = TimeSpan.Zero;
            var compiling = Min(elapsed, owed);
            owed -= compiling;

            quiet = LookAtAll(elapsed, compiling) ? 0 : quiet + 1;
            if (quiet >= LooksBeforeSleep)
                quiet = FallAsleep() ? 0 : LooksBeforeSleep;
        }
    }

    private bool LookAtAll(TimeSpan elapsed, TimeSpan compiling)
    {
        var hasMoved = false;
        for (var place = 0; LeaseAt(place) is { } lease; place++)
            hasMoved |= lease.Look(elapsed, compiling, warnAfter);
        return hasMoved;
    }

    private Lease? LeaseAt(int place)
    {
        lock (_lock)
            return place < _leases.Count ? _leases[place] : null;
    }

    /// <returns>Whether the watchdog may sleep. It may not if a call has just begun, which would go
    /// unnoticed.</returns>
    private bool FallAsleep()
    {
        _isAsleep = true;
        AsymmetricFence.Heavy();

        // Under the lock, because removing a lease moves another one to its place.
        lock (_lock)
            _isAsleep = !_leases.Exists(static lease => lease.IsInside);
        return _isAsleep;
    }
}
