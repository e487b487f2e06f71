using Chat.Transport.Tcp.Sockets;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>
/// A socket's file descriptor, and the calls with it, none of which waits. It is closed when it is asked for and nobody is inside a call: the system
/// gives a closed number to the next one who opens something, and no call may reach that.
/// </summary>
internal unsafe struct Descriptor(int number)
{
    private const int Closing = int.MinValue;

    /// <summary>Negative too, and further from <see cref="Closing"/> than there can be calls that come too late.</summary>
    private const int Closed = Closing + (1 << 30);

    private int _state;

    public readonly int Number => number;

    /// <summary>Receives what is there.</summary>
    /// <returns>How many bytes; 0 at the end of them; -1 with an error, which is <see cref="LibC.EBADF"/> once it has been closed.</returns>
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

    /// <summary>Sends what there is room for.</summary>
    /// <returns>How many bytes; -1 with an error, which is <see cref="LibC.EBADF"/> once it has been closed.</returns>
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
    /// <returns><see langword="null"/> if the system does not tell, or if it has been closed.</returns>
    public long? AcknowledgedBytes()
    {
        if (!TryEnter())
            return null;
        var info = stackalloc byte[TcpInfo.Length];
        var length = LibC.GetOption(number, TcpInfo.Level, TcpInfo.Name, info, TcpInfo.Length);
        Exit();
        return TcpInfo.AcknowledgedBytes(new ReadOnlySpan<byte>(info, length));
    }

    /// <summary>Tells the peer that nothing more is sent.</summary>
    /// <returns>Whether it could be told.</returns>
    public bool EndSending()
    {
        if (!TryEnter())
            return false;
        var isDone = LibC.Shutdown(number, LibC.SHUT_WR) == 0;
        Exit();
        return isDone;
    }

    /// <summary>Lets closing throw away what has not been sent, and reset the connection.</summary>
    public void LingerNot()
    {
        if (!TryEnter())
            return;
        LibC.LingerNot(number);
        Exit();
    }

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

    private static int IsClosed(out int error)
    {
        error = LibC.EBADF;
        return -1;
    }

    /// <summary>Only once, however many calls that came too late end after it.</summary>
    private void CloseNow()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Closing) == Closing)
            _ = LibC.Close(number);
    }
}
