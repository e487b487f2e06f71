using System.Net;
using System.Net.Sockets;

namespace Chat.Transport.Tcp.Sockets;

/// <summary>The bytes of one TCP connection, moved by .NET's sockets.</summary>
internal sealed class TcpConnection : IClientConnection, IReceiveReadiness, ISendProgress
{
    private readonly Socket _socket;
    private readonly Linger _linger;
    private volatile bool _broken;
    private volatile bool _hasShutDown;

    /// <param name="socket">The socket, connected; owned by the connection.</param>
    /// <param name="id">The connection's id.</param>
    /// <param name="linger">How it ends.</param>
    public TcpConnection(Socket socket, string id, Linger linger)
    {
        _socket = socket;
        _linger = linger;
        Id = id;
        RemoteEndPoint = PeerOf(socket);

        // A send for which there is no room returns instead of waiting.
        socket.Blocking = false;
    }

    public string Id { get; }
    public EndPoint? RemoteEndPoint { get; }

    public long? AcknowledgedBytes
    {
        get
        {
            try
            {
                return _socket.AcknowledgedBytes();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var received = await _socket.ReceiveSomeAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (received == 0 && !_hasShutDown)
                CheckEnd();
            return received;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Broken(exception);
        }
    }

    public async ValueTask WaitToReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _socket.WaitForBytesAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Broken(exception);
        }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        int taken;
        SocketError error;
        try
        {
            taken = _socket.SendNow(bytes, out error);
        }
        catch (ObjectDisposedException exception)
        {
            throw Broken(exception);
        }

        return error switch
        {
            SocketError.Success => new ValueTask<int>(taken),
            SocketError.WouldBlock or SocketError.IOPending or SocketError.NoBufferSpaceAvailable =>
                SendOneByteAsync(bytes, cancellationToken),
            _ => throw Broken(new SocketException((int)error)),
        };
    }

    public void Abort()
    {
        _broken = true;
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_broken && TryShutdown())
            await _linger.DrainAsync(this).ConfigureAwait(false);
        _socket.Dispose();
    }

    /// <summary>An IPv4 peer of a socket for both families is shown as IPv4.</summary>
    private static EndPoint? PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
                ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
                : socket.RemoteEndPoint;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Waits until there is room for one byte, so that the wait is short; the next send takes more.</summary>
    private async ValueTask<int> SendOneByteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.SendSomeAsync(bytes.Slice(0, 1), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Broken(exception);
        }
    }

    /// <summary>Tells a clean end from a reset: the system reports a reset once, and if a send was the first to meet
    /// it, reading shows nothing but an end. A send of no bytes still fails.</summary>
    private void CheckEnd()
    {
        _socket.SendNow(default, out var error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            throw new SocketException((int)error);
    }

    private bool TryShutdown()
    {
        try
        {
            _hasShutDown = true;
            _socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private IOException Broken(Exception exception)
    {
        _broken = true;
        return new IOException($"The connection {Id} is broken: {exception.Message}", exception);
    }
}
