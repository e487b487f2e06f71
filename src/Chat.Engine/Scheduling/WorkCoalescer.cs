namespace Chat.Engine.Scheduling;

/// <summary>
/// Makes one worker at a time do what anybody may ask for. To ask while it is asked for does nothing; to ask while it is being done
/// has it done once more. Every step is a full fence: what was published before asking is seen by the turn that comes of it.
/// </summary>
internal struct WorkCoalescer
{
    private const int Idle = 0;
    private const int Asked = 1;
    private const int Running = 2;
    private const int RunningAndAsked = 3;

    private int _state;

    /// <summary>Whether nobody has it and nobody has asked for it, at this moment.</summary>
    public bool IsIdle => Volatile.Read(ref _state) == Idle;

    /// <summary>Asks for a turn. The caller has published its work with a full fence.</summary>
    /// <returns>Whether the caller must see to it that one begins.</returns>
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

    /// <summary>Begins a turn, asked for or not.</summary>
    /// <returns><see langword="false"/> when one is running: it has been asked for another.</returns>
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
    /// <returns>Whether another has been asked for meanwhile: the caller must see to it that it begins.</returns>
    public bool End()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
            return false;
        Interlocked.Exchange(ref _state, Asked);
        return true;
    }
}
