namespace Chat.Transport.Tcp.Epoll;

/// <summary>
/// A file descriptor that is closed when it is asked for and nobody is inside a call with it: the system gives a closed number to the next
/// one who opens something, and no call may reach that.
/// </summary>
internal struct Descriptor(int number)
{
    private const int Closing = int.MinValue;

    /// <summary>Negative too, and further from <see cref="Closing"/> than there can be calls that come too late.</summary>
    private const int Closed = Closing + (1 << 30);

    private int _state;

    public readonly int Number => number;

    /// <summary>A call begins, which ends with <see cref="Exit"/>.</summary>
    /// <returns><see langword="false"/> when it has been closed.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _state) > 0)
            return true;
        Exit();
        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _state) == Closing)
            CloseNow();
    }

    /// <summary>Closes it, now or when the last call ends. Any number of times.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool Close()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state < 0)
                return false;
            if (Interlocked.CompareExchange(ref _state, state | Closing, state) != state)
                continue;
            if (state == 0)
                CloseNow();
            return true;
        }
    }

    /// <summary>Only once, however many calls that came too late end after it.</summary>
    private void CloseNow()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Closing) == Closing)
            _ = LibC.Close(number);
    }
}
