namespace Chat.Engine.Scheduling;

/// <summary>Coalesces requests: any thread may request work, one worker at a time does it. Requesting work that is
/// already requested does nothing; requesting it while it runs makes it run once more. Every step is a full fence, so
/// the work sees whatever was published before the request.</summary>
internal struct WorkCoalescer
{
    private const int Idle = 0;
    private const int Asked = 1;
    private const int Running = 2;
    private const int RunningAndAsked = 3;

    private int _state;

    /// <summary>Whether no work is running or requested at this moment.</summary>
    public bool IsIdle => Volatile.Read(ref _state) == Idle;

    /// <summary>Requests a turn. The caller must first publish its data with a full fence.</summary>
    /// <returns>Whether the caller must see that a turn begins.</returns>
    public bool Request()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is Asked or RunningAndAsked)
                return false;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) == state)
                return state == Idle;
        }
    }

    /// <summary>Begins a turn, whether requested or not.</summary>
    /// <returns><see langword="false"/> if a turn is running; another one is then requested.</returns>
    public bool TryBegin()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == RunningAndAsked)
                return false;
            var isFree = state != Running;
            if (Interlocked.CompareExchange(ref _state, isFree ? Running : RunningAndAsked, state) == state)
                return isFree;
        }
    }

    /// <summary>Ends the turn.</summary>
    /// <returns>Whether another turn was requested meanwhile; the caller must see that it begins.</returns>
    public bool End()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
            return false;
        Interlocked.Exchange(ref _state, Asked);
        return true;
    }
}
