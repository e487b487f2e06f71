using System.Runtime.CompilerServices;
using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Isolation.Targets;
using Chat.Engine.Scheduling;

namespace Chat.Engine.Isolation;

/// <summary>
/// The right of one runner to do the work of its owner: handle a person's lines, say. Around each call into a plugin the runner says
/// so here, which costs two writes. Does the call not come back within its budget, the watchdog takes the lease away and the
/// owner goes on elsewhere; the runner notices when it returns, if ever.
/// </summary>
/// <remarks>
/// The handshake is asymmetric (see <see cref="AsymmetricFence"/>): the runner writes the state and then reads whether it is wanted; the
/// watchdog writes that it wants it, fences, and then reads the state. One of the two sees the other.
/// </remarks>
internal sealed class Lease(ILeaseOwner owner, Watchdog watchdog, CancellationToken ending)
{
    private static readonly TimeSpan _timeToDie = TimeSpan.FromSeconds(30);

    private readonly object _lock = new();
    private CallCancellation? _callEnding;
    private int _state;
    private int _wanted;
    private volatile bool _isTaken;
    private bool _isWatched;
    private readonly CallProfiler _profiler = watchdog.Profiler;
    private (long Bytes, int Threads) _before;
    private bool _isProfiled;
    private JournalSlot _slot;

    // The watchdog's own notes.
    private int _seen;
    private TimeSpan _inside, _held;
    private bool _isStopAsked, _isReportedSlow;

    /// <summary>What the runner is inside of; meant for the watchdog, and for the owner once the lease is lost.</summary>
    public CallTarget? Target { get; private set; }

    /// <summary>Where the lease stands in the watchdog's list; the watchdog's own.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether the last call had to be stopped because it took too long.</summary>
    public bool WasLastCallStopped { get; private set; }

    private Thread? Thread { get; set; }

    private EventLoop? Loop { get; set; }

    /// <summary>Set when the owner ends, when the lease is lost, and when a call is given up.</summary>
    public CancellationToken Token => (_callEnding ??= new CallCancellation(ending)).Token;

    /// <summary>Set when the owner itself ends.</summary>
    public CancellationToken Ending => ending;

    /// <summary>Whether the owner itself ends.</summary>
    public bool IsEnding => ending.IsCancellationRequested;

    /// <summary>Calls will be made from this thread now.</summary>
    public void Begin()
    {
        Thread = Thread.CurrentThread;
        Loop = EventLoop.Current;
        if (_isWatched)
            return;
        _isWatched = true;
        _slot = watchdog.CrashJournal?.Take() ?? default;
        watchdog.Watch(this);
    }

    /// <summary>A call begins, on the thread that <see cref="Begin"/> was called on. One at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(CallTarget target)
    {
        WasLastCallStopped = false;
        Target = target;
        _slot.Set(target.JournalNumber);
        Volatile.Write(ref _state, _state + 1);
        AsymmetricFence.Light();
        if (watchdog.IsAsleep)
            watchdog.Wake();
        if (_profiler.IsOn)
            BeginProfile();
    }

    /// <summary>The call is over.</summary>
    /// <param name="isAnswered">Whether the answer is there; if not, the plugin stays noted as one that is waited for.</param>
    /// <exception cref="LeaseLostException">Somebody else has taken over: nothing is to be touched any more.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit(bool isAnswered = true)
    {
        _slot.Set(isAnswered ? JournalSlot.Nobody : -Target!.JournalNumber);
        Volatile.Write(ref _state, _state + 1);
        AsymmetricFence.Light();
        if (Volatile.Read(ref _wanted) != 0)
            ExitWanted();
        if (_isProfiled)
            EndProfile();
    }

    /// <summary>What was waited for has come, or nobody waits for it any more.</summary>
    public void AwaitNothing() => _slot.Set(JournalSlot.Nobody);

    /// <summary>Keeps a note of a call that has been given up, until it ends or has had time to die: how a process dies is written down first, which takes a while.</summary>
    public async Task RecordAbandonedAsync(CallTarget target, Task call, TimeProvider clock)
    {
        if (watchdog.CrashJournal is not { } journal)
            return;
        var slot = journal.Take();
        slot.Set(-target.JournalNumber);
        using var ended = new CancellationTokenSource();
        await Task.WhenAny(call, clock.After(_timeToDie, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        journal.Return(slot);
    }

    /// <summary>No call is under way, and none is remembered: what was called may be gone from memory.</summary>
    public void Forget()
    {
        Target = null;
        _slot.Set(JournalSlot.Nobody);

        // What a plugin has registered on the token would keep it in memory for as long as the owner lives.
#if NET
        _callEnding?.Forget();
#else
        Interlocked.Exchange(ref _callEnding, null)?.Dispose();
#endif
    }

    /// <summary>Sets <see cref="Token"/> for a call that has been given up; the next call gets another.</summary>
    public void CancelCall() => Interlocked.Exchange(ref _callEnding, null)?.End();

    /// <summary>The owner has nothing more to do.</summary>
    public void Release()
    {
        if (_isWatched)
            watchdog.Forget(this);
        watchdog.CrashJournal?.Return(_slot);
        _slot = default;
        Interlocked.Exchange(ref _callEnding, null)?.Dispose();
    }

    /// <summary>Looks whether the runner has been inside one call for too long. The watchdog's thread alone.</summary>
    /// <param name="elapsed">How much time has passed since the last look.</param>
    /// <param name="compiling">For how much of it the runtime may have compiled what is called.</param>
    /// <param name="warnAfter">How long a call may take before it is called slow.</param>
    /// <returns>Whether the runner has moved, or is inside a call.</returns>
    public bool Look(TimeSpan elapsed, TimeSpan compiling, TimeSpan warnAfter)
    {
        var state = Volatile.Read(ref _state);
        if (state != _seen)
        {
            _seen = state;
            _inside = _held = TimeSpan.Zero;
            _isStopAsked = _isReportedSlow = false;
            return true;
        }

        if ((state & 1) == 0 || _isTaken || Target is not { } target)
            return false;
        _inside += target.IsNew ? elapsed - compiling : elapsed;
        _held += elapsed;
        var isLoopHeldUp = _held >= Watchdog.Interval && Loop is { } loop && Thread is { } heldUp && !loop.GoOnWithout(heldUp);
        if (_inside >= warnAfter && !_isReportedSlow)
        {
            _isReportedSlow = true;
            target.ReportSlow();
        }


        // Once the lease is taken nobody looks at this thread any more: not before its loop has another.
        if (_inside >= target.Budget && !isLoopHeldUp)
            Stop(target, state);
        return true;
    }

    /// <summary>Whether the runner is inside a call as of now.</summary>
    public bool IsInside => (Volatile.Read(ref _state) & 1) != 0;

    private void BeginProfile()
    {
        _isProfiled = true;
        _before = _profiler.Begin();
    }

    private void EndProfile()
    {
        _isProfiled = false;
        _profiler.End(Target!, _before);
    }

    /// <summary>First asks code that can be asked; what has not ended a little later is left behind.</summary>
    private void Stop(CallTarget target, int state)
    {
        lock (_lock)
        {
            Volatile.Write(ref _wanted, 1);
            AsymmetricFence.Heavy();
            if (Volatile.Read(ref _state) != state)
            {
                // It has come back in this moment; its exit, if it has seen the flag, waits for this lock and clears it.
                if (!_isStopAsked)
                    Volatile.Write(ref _wanted, 0);
                return;
            }

            if (target.Stopper is { } stopper && _inside < target.Budget + Watchdog.Grace)
            {
                _isStopAsked = true;
                stopper.StopCall(Thread!);
                return;
            }

            _isTaken = true;
            target.Abandon();
            watchdog.ThreadAbandoned(isOfPool: Loop is null);
            Thread!.Interrupt();
            owner.TakeOver(this);
        }

        watchdog.Forget(this);
        CancelCall();
    }

    private void ExitWanted()
    {
        while (true)
        {
            try
            {
                lock (_lock)
                {
                    Target!.Stopper?.StopCallEnded(Thread!);
                    WasLastCallStopped = true;
                    Volatile.Write(ref _wanted, 0);
                    if (!_isTaken)
                        return;
                }

                break;
            }
            catch (ThreadInterruptedException)
            {
                // The interrupt was meant for the call, which is over.
            }
        }

        ClearInterrupt();
        if (_isProfiled)
            EndProfile();
        watchdog.CrashJournal?.Return(_slot);
        Target!.ComeBack();
        watchdog.ThreadRecovered(isOfPool: Loop is null);
        throw new LeaseLostException();
    }

    /// <summary>The thread goes back to the pool: an interrupt that met no wait must not meet the next one's.</summary>
    private static void ClearInterrupt()
    {
        try
        {
            Thread.CurrentThread.Join(0);
        }
        catch (ThreadInterruptedException)
        {
            // Cleared.
        }
    }
}
