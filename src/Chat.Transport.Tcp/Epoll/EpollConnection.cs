using System.Net;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>The bytes of one TCP connection on an event loop. Code that waits for it continues where the event is
/// handled: on the loop's thread.</summary>
internal sealed class EpollConnection : IClientConnection, IReceiveReadiness, ISendProgress, IEpollSource
{
    /// <summary>How many receives may follow without a wait before the others on the loop come first.</summary>
    private const int MostInARow = 4;

    private readonly EpollLoop _loop;
    private readonly Linger _linger;
    private readonly PeerAddress _peer;
    private readonly long _number;
    private readonly ulong _watch;
    private Descriptor _descriptor;
    private Readiness _readable = new();
    private Readiness? _writable;
    private int _inARow;
    private CancellationToken _ending;
    private CancellationTokenRegistration _endingRegistration;
    private volatile bool _broken;
    private bool _hasShutDown;

    /// <summary>Whether the peer sends urgent bytes: a receive then ends in front of one (tcp(7)).</summary>
    private volatile bool _isUrgent;

    /// <param name="loop">The loop that watches it.</param>
    /// <param name="descriptor">The socket, not blocking; owned by the connection.</param>
    /// <param name="peer">The peer's address.</param>
    /// <param name="number">The connection's number, unique within its listener.</param>
    /// <param name="linger">How the connection ends.</param>
    /// <exception cref="IOException">The system cannot watch the socket, which has been closed.</exception>
    public EpollConnection(EpollLoop loop, int descriptor, PeerAddress peer, long number, Linger linger)
    {
        _loop = loop;
        _linger = linger;
        _peer = peer;
        _number = number;
        _descriptor = new Descriptor(descriptor);
        try
        {
            _watch = loop.Add(this, descriptor);
        }
        catch (IOException)
        {
            _descriptor.Close();
            throw;
        }
    }

    public string Id => $"tcp-{_number}";
    public EndPoint? RemoteEndPoint => _peer.ToEndPoint();
    public long? AcknowledgedBytes => _descriptor.AcknowledgedBytes();

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken)
    {
        var readable = EndingWith(cancellationToken);
        while (true)
        {
            var waiting = readable.WaitAsync(cancellationToken);
            if (!waiting.IsCompletedSuccessfully)
            {
                _inARow = 0;
                return waiting;
            }

            // It was told of something, perhaps only now, that may have been received since.
            waiting.GetAwaiter().GetResult();
            if (readable.IsFinal)
                return default;
            readable.Clear();
            if (!TryPeek())
                continue;
            readable.Set();
            return default;
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (++_inARow > MostInARow && EventLoop.Current is not null)
            return ReceiveElsewhereAsync(buffer, cancellationToken);
        var received = TryReceive(buffer.Span);
        return received >= 0 ? new ValueTask<int>(received) : ReceiveLaterAsync(buffer, cancellationToken);
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var taken = TrySend(bytes.Span);
        return taken >= 0 ? new ValueTask<int>(taken) : SendLaterAsync(bytes, cancellationToken);
    }

    public void Abort()
    {
        _broken = true;
        _descriptor.LingerNot();
        var aborted = new IOException($"The connection {Id} was aborted.");
        Close();
        _readable.Fail(aborted);
        Volatile.Read(ref _writable)?.Fail(aborted);
    }

    public async ValueTask DisposeAsync()
    {
        _endingRegistration.Dispose();

        _hasShutDown = true;
        if (!_broken && _descriptor.EndSending())
        {
            Volatile.Write(ref _readable, new Readiness());
            await _linger.DrainAsync(this).ConfigureAwait(false);
            _endingRegistration.Dispose();
        }

        Close();
    }

    void IEpollSource.OnEvents(uint events)
    {
        var readable = Volatile.Read(ref _readable);
        var writable = Volatile.Read(ref _writable);
        if ((events & (LibC.EPOLLHUP | LibC.EPOLLERR)) != 0)
            writable?.SetFinal();
        else if ((events & LibC.EPOLLOUT) != 0)
            writable?.Set();

        if ((events & LibC.EPOLLPRI) != 0)
            _isUrgent = true;
        if ((events & (LibC.EPOLLHUP | LibC.EPOLLERR | LibC.EPOLLRDHUP)) != 0)
            readable.SetFinal();
        else if ((events & LibC.EPOLLIN) != 0)
            readable.Set();
    }

    /// <summary>Goes on on the pool until the next wait, so that one peer does not keep the loop to itself.</summary>
    private async ValueTask<int> ReceiveElsewhereAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<int> ReceiveLaterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _inARow = 0;
        while (true)
        {
            await EndingWith(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            var isFinal = _readable.IsFinal;
            var received = TryReceive(buffer.Span);
            if (received >= 0)
                return received;
            if (isFinal)
                throw Broken("it has ended");
        }
    }

    private async ValueTask<int> SendLaterAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_writable is null)
        {
            Volatile.Write(ref _writable, new Readiness());
            WatchOutput();
        }

        while (true)
        {
            _writable.Clear();
            var taken = TrySend(bytes.Span);
            if (taken >= 0)
                return taken;
            if (_writable.IsFinal)
                throw Broken("it has ended");
            cancellationToken.ThrowIfCancellationRequested();
            using var ending = cancellationToken.UnsafeRegister(
                static (writable, token) => ((Readiness)writable!).Cancel(token), _writable);
            await _writable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The number of bytes received; 0 at the end of the input; -1 if there are none yet.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    private int TryReceive(Span<byte> buffer)
    {
        _readable.Clear();
        var received = _descriptor.Receive(buffer, out var error);
        if (received == 0 && !_hasShutDown)
            error = ErrorAtEnd();
        if (error == LibC.EAGAIN)
            return -1;
        if (error != 0)
            throw Broken(error);

        // The kernel tells of what arrives, not of what is left.
        if (received == buffer.Length || _isUrgent)
            _readable.Set();
        return received;
    }

    /// <summary>Tells a clean end from a reset: the system reports a reset once, and if a send was the first to meet
    /// it, reading shows nothing but an end. A send of no bytes still fails.</summary>
    private int ErrorAtEnd()
    {
        _descriptor.Send([], out var error);
        return error == LibC.EAGAIN ? 0 : error;
    }

    /// <returns>The number of bytes taken; -1 if there is no room for any.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        var taken = _descriptor.Send(bytes, out var error);
        return error switch
        {
            0 => taken,
            LibC.EAGAIN or LibC.ENOBUFS => -1,
            _ => throw Broken(error),
        };
    }

    /// <returns>Whether a receive would have an answer: bytes, the end or an error.</returns>
    private bool TryPeek() =>
        _descriptor.Receive(stackalloc byte[1], out var error, LibC.MSG_PEEK) >= 0 || error != LibC.EAGAIN;

    private void WatchOutput()
    {
        if (!_descriptor.TryEnter())
            throw Broken(LibC.EBADF);
        _loop.WatchOutput(_watch, _descriptor.Number);
        _descriptor.Exit();
    }

    /// <summary>What reading waits for, cancelled by a token: the same one for most of the connection's life.</summary>
    private Readiness EndingWith(CancellationToken cancellationToken)
    {
        if (cancellationToken != _ending)
        {
            _endingRegistration.Dispose();
            _ending = cancellationToken;
            _endingRegistration = cancellationToken.UnsafeRegister(
                static (connection, token) => ((EpollConnection)connection!)._readable.Cancel(token), this);
        }

        return _readable;
    }

    private void Close()
    {
        if (_descriptor.Close())
            _loop.Remove(_watch);
    }

    private IOException Broken(int error) => Broken(error == LibC.EBADF ? "it has been closed" : LibC.Describe(error));

    private IOException Broken(string reason)
    {
        _broken = true;
        return new IOException($"The connection {Id} is broken: {reason}");
    }
}
