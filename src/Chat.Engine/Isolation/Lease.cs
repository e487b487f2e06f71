using System.Runtime.CompilerServices;

namespace Chat.Engine.Isolation;

/// <summary>A runner's right to do its owner's work, such as handling a person's lines. The runner reports each call
/// into a plugin here, which costs two writes. If the call does not return within its budget, the watchdog revokes the
/// lease and the owner continues on another thread. The runner notices when the call returns, if ever.</summary>
/// <remarks>The handshake is asymmetric (see <see cref="AsymmetricFence"/>): the runner writes the state and then reads
/// the wanted flag; the watchdog writes the wanted flag, fences, and then reads the state. At least one of them sees
/// the other's write.</remarks>
internal sealed class Lease(ILeaseOwner owner, Watchdog watchdog, CancellationToken ending)
{
    private static readonly TimeSpan _timeToCrash = TimeSpan.FromSeconds(30);

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

    // Used by the watchdog only.
    private int _seen;
    private TimeSpan _inside, _held;
    private bool _isStopAsked, _isReportedSlow;

    /// <summary>The target of the current call. Used by the watchdog, and by the owner once the lease is
    /// lost.</summary>
    public CallTarget? Target { get; private set; }

    /// <summary>The index of the lease in the watchdog's list. Used by the watchdog only.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether the last call was stopped because it took too long.</summary>
    public bool WasLastCallStopped { get; private set; }

    private Thread? Thread { get; set; }
    private EventLoop? Loop { get; set; }

    /// <summary>Canceled when the owner ends, when the lease is lost, and when a call is abandoned.</summary>
    public CancellationToken Token => (_callEnding ??= new CallCancellation(ending)).Token;

    /// <summary>Canceled when the owner ends.</summary>
    public CancellationToken Ending => ending;

    /// <summary>Whether the owner is ending.</summary>
    public bool IsEnding => ending.IsCancellationRequested;

    /// <summary>Announces that calls will be made from the current thread.</summary>
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

    /// <summary>Announces a call, on the thread that called <see cref="Begin"/>. One call at a time.</summary>
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

    /// <summary>Announces that the call has returned.</summary>
    /// <param name="isAnswered">Whether the result is available; if not, the journal records the plugin as
    /// awaited.</param>
    /// <exception cref="LeaseLostException">Another runner has taken over; the caller must touch nothing.</exception>
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

    /// <summary>Announces that the awaited result has arrived or is no longer awaited.</summary>
    public void AwaitNothing() => _slot.Set(JournalSlot.Nobody);

    /// <summary>Keeps an abandoned call in the crash journal until it ends, or for 30 seconds: if the call brings the
    /// process down, writing the crash report takes a while.</summary>
    public async Task RecordAbandonedAsync(CallTarget target, Task call, TimeProvider clock)
    {
        if (watchdog.CrashJournal is not { } journal)
            return;
        var slot = journal.Take();
        slot.Set(-target.JournalNumber);
        using var ended = new CancellationTokenSource();
        await Task.WhenAny(call, clock.After(_timeToCrash, ended.Token)).ConfigureAwait(false);
        ended.Cancel();
        journal.Return(slot);
    }

    /// <summary>Forgets the last call, so that its target can be unloaded. No call may be in progress.</summary>
    public void Forget()
    {
        Target = null;
        _slot.Set(JournalSlot.Nobody);

        // Callbacks that a plugin registered on the token would keep it in memory for the owner's lifetime.
#if NET
        _callEnding?.Forget();
#else
        Interlocked.Exchange(ref _callEnding, null)?.Dispose();
#endif
    }

    /// <summary>Cancels <see cref="Token"/> for an abandoned call; the next call gets a new token.</summary>
    public void CancelCall() => Interlocked.Exchange(ref _callEnding, null)?.End();

    /// <summary>Releases the lease when the owner has no more work.</summary>
    public void Release()
    {
        if (_isWatched)
            watchdog.Forget(this);
        watchdog.CrashJournal?.Return(_slot);
        _slot = default;
        Interlocked.Exchange(ref _callEnding, null)?.Dispose();
    }

    /// <summary>Checks whether the runner has been inside one call for too long. Called on the watchdog's thread
    /// only.</summary>
    /// <param name="elapsed">The time since the last check.</param>
    /// <param name="compiling">The part of it in which the runtime may have compiled the call's code.</param>
    /// <param name="warnAfter">How long a call may take before it is reported as slow.</param>
    /// <returns>Whether the runner has moved or is inside a call.</returns>
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
        var isLoopHeldUp = _held >= Watchdog.Interval && Loop is { } loop && Thread is { } heldUp
            && !loop.GoOnWithout(heldUp);
        if (_inside >= warnAfter && !_isReportedSlow)
        {
            _isReportedSlow = true;
            target.ReportSlow();
        }

        // A revoked lease is no longer watched, so the thread's loop must get another thread first.
        if (_inside >= target.Budget && !isLoopHeldUp)
            Stop(target, state);
        return true;
    }

    /// <summary>Whether the runner is inside a call.</summary>
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

    /// <summary>Asks code that supports it to stop; abandons the call if it has not ended shortly afterwards.</summary>
    private void Stop(CallTarget target, int state)
    {
        lock (_lock)
        {
            Volatile.Write(ref _wanted, 1);
            AsymmetricFence.Heavy();
            if (Volatile.Read(ref _state) != state)
            {
                // The call has just returned. If its exit saw the flag, it waits for this lock and clears the flag.
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
                // The interrupt was meant for the call, which has returned.
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

    /// <summary>Clears a pending interrupt before the thread returns to the pool, where it would hit other
    /// work.</summary>
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
