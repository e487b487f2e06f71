using System.Diagnostics;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Scheduling;

namespace Chat.Engine.Isolation;

/// <summary>
/// Looks at all leases every 10 ms, on a thread of its own, and takes those away whose runners are stuck in a plugin. So a call costs its
/// runner no look at a clock. Sleeps while nobody calls anything.
/// </summary>
internal sealed class Watchdog(TimeProvider clock, TimeSpan warnAfter, CallProfiler profiler) : IDisposable
{
    /// <summary>How long code that was asked to stop has for it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);

    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Several threads compile at once: that shall not put off for long what is due.</summary>
    private static readonly TimeSpan _mostOwed = TimeSpan.FromSeconds(1);

    /// <summary>After so many looks at which nothing had moved it sleeps.</summary>
    private const int LooksBeforeSleep = 20;

    /// <summary>The pool is the whole process's.</summary>
    private static readonly object _poolLock = new();

    private readonly object _lock = new();
    private readonly List<Lease> _leases = [];
    private readonly AutoResetEvent _wake = new(initialState: false);
    private volatile bool _isAsleep = true;
    private volatile bool _isEnded;
    private Thread? _thread;
    private int _burned;
    private long _burnedEver;

    /// <summary>What calls are weighed on, when they are.</summary>
    public CallProfiler Profiler { get; } = profiler;

    /// <summary>Where runners note whose code they run; <see langword="null"/> for nowhere.</summary>
    public ICrashJournal? CrashJournal { get; init; }

    /// <summary>Tells how long the runtime has compiled code so far, on all threads.</summary>
    public Func<TimeSpan> CompilationTime { get; init; } = RuntimeCompilationTime;

    /// <summary>Whether nobody looks: who begins a call then says so with <see cref="Wake"/>.</summary>
    public bool IsAsleep => _isAsleep;

    /// <summary>How many threads are stuck in plugins now.</summary>
    public int AbandonedThreads => Volatile.Read(ref _burned);

    /// <summary>How many threads were ever stuck.</summary>
    public long AbandonedThreadsEver => Volatile.Read(ref _burnedEver);

    public void Wake()
    {
        _isAsleep = false;
        _wake.Set();
    }

    /// <summary>Looks at a lease from now on.</summary>
    public void Watch(Lease lease)
    {
        lock (_lock)
        {
            if (_isEnded)
                return;
            lease.Place = _leases.Count;
            _leases.Add(lease);
            _thread ??= BackgroundThread.Start("Chat watchdog", Run);
        }
    }

    /// <summary>Looks at a lease no more.</summary>
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

    /// <summary>A thread is stuck.</summary>
    /// <param name="isOfPool">Whether it is one of the pool's: then another takes its place. A loop's has been replaced already.</param>
    public void ThreadAbandoned(bool isOfPool)
    {
        Interlocked.Increment(ref _burned);
        Interlocked.Increment(ref _burnedEver);
        if (isOfPool)
            AddPoolThreads(1);
    }

    /// <summary>A stuck thread has come back.</summary>
    /// <param name="isOfPool">As it was said when it was stuck.</param>
    public void ThreadRecovered(bool isOfPool)
    {
        Interlocked.Decrement(ref _burned);
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

            // Time in which this thread did not get to run either (a busy machine, a debugger, a suspended process) is nobody's fault, and neither
            // is time in which the runtime compiles code: the first calls of a hook need a lot of it. It is known only when a method has been
            // compiled, by when it has been counted: the time that follows is not counted for it. Later the runtime compiles for the most part
            // what is used often once more, on a thread of its own, which holds up nobody.
            var elapsed = clock.GetElapsedTime(lastLook);
            var late = TimeSpan.FromTicks((long)((double)(Stopwatch.GetTimestamp() - lastTick) * TimeSpan.TicksPerSecond / Stopwatch.Frequency)) - Interval - Interval;
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

    /// <returns>Whether it may sleep: a call that began in this moment would not be seen.</returns>
    private bool FallAsleep()
    {
        _isAsleep = true;
        AsymmetricFence.Heavy();

        // Under the lock: one that is forgotten meanwhile would let another change its place.
        lock (_lock)
            _isAsleep = !_leases.Exists(static lease => lease.IsInside);
        return _isAsleep;
    }
}
