using System.Net.Sockets;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>Accepts connections from a listening socket and gives them to the loops in turn.</summary>
internal sealed class EpollAcceptor : IEpollSource, IDisposable
{
    private const int MostInARow = 16;

    private readonly SafeSocketHandle _handle;
    private readonly Linger _linger;
    private readonly Readiness _readable = new();
    private readonly ulong _watch;
    private long _accepted;
    private int _inARow;

    /// <param name="socket">The listening socket; owned by the caller, who disposes this acceptor first.</param>
    /// <param name="linger">How its connections end.</param>
    /// <exception cref="IOException">The system cannot watch the socket.</exception>
    public EpollAcceptor(Socket socket, Linger linger)
    {
        _handle = socket.SafeHandle;
        _linger = linger;

        // Otherwise accepting would block.
        socket.Blocking = false;
        _watch = EpollLoops.First.Add(this, (int)_handle.DangerousGetHandle());
    }

    /// <summary>Waits for the next connection. One caller at a time, which must call again: the system does not tell a
    /// second time of connections that are left waiting.</summary>
    /// <exception cref="IOException">One connection could not be accepted; accepting can go on.</exception>
    /// <exception cref="ObjectDisposedException">The acceptor has been disposed.</exception>
    public async ValueTask<EpollConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        using var ending = cancellationToken.UnsafeRegister(
            static (readable, token) => ((Readiness)readable!).Cancel(token), _readable);
        while (true)
        {
            _readable.Clear();
            if (TryAccept() is { } connection)
            {
                // Goes on on the pool until the next wait, so that many new connections do not keep the loop from the
                // old ones.
                if (++_inARow % MostInARow == 0 && EventLoop.Current is not null)
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

                return connection;
            }

            _inARow = 0;
            await _readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        EpollLoops.First.Remove(_watch);
        _readable.Fail(new ObjectDisposedException(nameof(EpollAcceptor)));
    }

    void IEpollSource.OnEvents(uint events) => _readable.Set();

    /// <summary>Holds the handle meanwhile: the number of a closed one may belong to something else.</summary>
    private EpollConnection? TryAccept()
    {
        var isHeld = false;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            return TryAccept((int)_handle.DangerousGetHandle());
        }
        finally
        {
            if (isHeld)
                _handle.DangerousRelease();
        }
    }

    private unsafe EpollConnection? TryAccept(int listening)
    {
        var address = stackalloc byte[PeerAddress.MaxLength];
        while (true)
        {
            var length = PeerAddress.MaxLength;
            var descriptor = LibC.Accept(listening, address, &length);
            if (descriptor >= 0)
            {
                var number = Interlocked.Increment(ref _accepted);
                var peer = PeerAddress.Read(new ReadOnlySpan<byte>(address, length));
                return new EpollConnection(EpollLoops.Next(number), descriptor, peer, number, _linger);
            }

            switch (LibC.LastError)
            {
                case LibC.EAGAIN:
                    return null;
                case LibC.EBADF or LibC.EINVAL:
                    throw new ObjectDisposedException(nameof(EpollAcceptor));
                case LibC.EINTR or LibC.ECONNABORTED or LibC.EPROTO or LibC.ENETDOWN or LibC.ENETUNREACH
                    or LibC.EHOSTDOWN or LibC.EHOSTUNREACH:
                    // The connection ended before it was accepted (accept(2)): try the next one.
                    continue;
                case var error:
                    throw new IOException(LibC.Describe(error));
            }
        }
    }
}
