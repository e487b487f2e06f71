namespace Chat.Transport.Tcp.Epoll;

/// <summary>A socket's file descriptor and the calls on it, none of which blocks. A close takes effect when no call is
/// under way: the system gives the number of a closed descriptor to whatever is opened next, and no call may reach
/// that. Safe from any thread.</summary>
internal unsafe struct Descriptor(int number)
{
    private const int Closing = int.MinValue;

    /// <summary>Also negative, and further from <see cref="Closing"/> than there can be late calls.</summary>
    private const int Closed = Closing + (1 << 30);

    private int _state;

    public readonly int Number => number;

    /// <summary>Receives what is there.</summary>
    /// <returns>The number of bytes; 0 at the end of the input; -1 with an error, which is <see cref="LibC.EBADF"/>
    /// after a close.</returns>
    public int Receive(Span<byte> buffer, out int error, int flags = 0)
    {
        if (!TryEnter())
            return IsClosed(out error);
        nint received;
        fixed (byte* bytes = buffer)
        {
            do
            {
                received = LibC.Receive(number, bytes, buffer.Length, LibC.MSG_DONTWAIT | flags);
                error = received < 0 ? LibC.LastError : 0;
            }
            while (error == LibC.EINTR);
        }

        Exit();
        return (int)received;
    }

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>The number of bytes; -1 with an error, which is <see cref="LibC.EBADF"/> after a close.</returns>
    public int Send(ReadOnlySpan<byte> buffer, out int error)
    {
        if (!TryEnter())
            return IsClosed(out error);
        nint taken;
        fixed (byte* bytes = buffer)
        {
            do
            {
                taken = LibC.Send(number, bytes, buffer.Length, LibC.MSG_DONTWAIT | LibC.MSG_NOSIGNAL);
                error = taken < 0 ? LibC.LastError : 0;
            }
            while (error == LibC.EINTR);
        }

        Exit();
        return (int)taken;
    }

    /// <summary>How many bytes the peer has acknowledged.</summary>
    /// <returns><see langword="null"/> if the system does not tell, and after a close.</returns>
    public long? AcknowledgedBytes()
    {
        if (!TryEnter())
            return null;
        var info = stackalloc byte[TcpInfo.Length];
        var length = LibC.GetOption(number, TcpInfo.Level, TcpInfo.Name, info, TcpInfo.Length);
        Exit();
        return TcpInfo.AcknowledgedBytes(new ReadOnlySpan<byte>(info, length));
    }

    /// <summary>Tells the peer that nothing more will be sent.</summary>
    /// <returns><see langword="false"/> if it could not be told.</returns>
    public bool EndSending()
    {
        if (!TryEnter())
            return false;
        var isDone = LibC.Shutdown(number, LibC.SHUT_WR) == 0;
        Exit();
        return isDone;
    }

    /// <summary>Makes the close throw away what has not been sent and reset the connection.</summary>
    public void LingerNot()
    {
        if (!TryEnter())
            return;
        LibC.LingerNot(number);
        Exit();
    }

    /// <summary>Begins a call, which <see cref="Exit"/> ends.</summary>
    /// <returns><see langword="false"/> after a close; then there is nothing to end.</returns>
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

    /// <summary>Closes it now, or when the last call ends. May be called any number of times.</summary>
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

    private static int IsClosed(out int error)
    {
        error = LibC.EBADF;
        return -1;
    }

    /// <summary>Takes effect once, however many late calls end after it.</summary>
    private void CloseNow()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Closing) == Closing)
            _ = LibC.Close(number);
    }
}
