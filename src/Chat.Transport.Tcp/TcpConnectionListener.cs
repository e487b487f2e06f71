using System.Net;
using System.Net.Sockets;

namespace Chat.Transport.Tcp;

/// <summary>Accepts TCP connections.</summary>
public sealed class TcpConnectionListener : IConnectionListener
{
    // The longest DNS name (RFC 1035); the resolver throws another kind of exception for longer ones.
    private const int MaxNameLength = 255;

    private readonly TcpListenerOptions _options;
    private readonly Linger _linger;
    private Socket? _socket;
    private EndPoint _endPoint;
    private long _accepted;
#if NET
    private readonly bool _usesLoops;
    private EpollAcceptor? _acceptor;
#endif
    private volatile bool _disposed;

    /// <summary>Makes a listener that is not yet bound.</summary>
    /// <param name="options">Where to listen. Do not change them afterwards.</param>
    /// <exception cref="ArgumentException">An option has a value it cannot have.</exception>
    public TcpConnectionListener(TcpListenerOptions options)
#if NET
        : this(options, EpollLoops.IsSupported)
    {
    }

    /// <summary>Makes a listener that serves its connections on event loops or on .NET's sockets.</summary>
    internal TcpConnectionListener(TcpListenerOptions options, bool usesLoops)
#endif
    {
#if NET
        _usesLoops = usesLoops;
#endif
        _options = options ?? throw new ArgumentNullException(nameof(options));
        options.Validate();
        _linger = new Linger(options.Linger, options.Clock);
        _endPoint = IPAddress.TryParse(options.Host, out var address)
            ? new IPEndPoint(address, options.Port)
            : new DnsEndPoint(options.Host, options.Port);
    }

    /// <inheritdoc/>
    public EndPoint EndPoint => _endPoint;

    /// <inheritdoc/>
    public async ValueTask ListenAsync(CancellationToken cancellationToken)
    {
        var where = _endPoint is IPEndPoint
            ? _endPoint.ToString()!
            : FormattableString.Invariant($"{_options.Host}:{_options.Port}");
        Socket? socket = null;
        try
        {
            var address = await ResolveAsync(_options.Host).ConfigureAwait(false);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            Configure(socket);
            socket.Bind(new IPEndPoint(address, _options.Port));
            socket.Listen(_options.Backlog);
#if NET
            if (_usesLoops)
                _acceptor = new EpollAcceptor(socket, _linger);
#endif
            _socket = socket;
            _endPoint = socket.LocalEndPoint!;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new IOException(Explain(exception, where), exception);
        }
        catch (IOException exception)
        {
            socket?.Dispose();
            throw new IOException($"Cannot listen on {where}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken)
    {
        var listening = _socket ?? throw new InvalidOperationException("The listener has not been bound.");
        while (!_disposed)
        {
            try
            {
#if NET
                if (_acceptor is not null)
                    return await _acceptor.AcceptAsync(cancellationToken).ConfigureAwait(false);
#endif
                var socket = await listening.AcceptOneAsync(cancellationToken).ConfigureAwait(false);
                return new TcpConnection(socket, $"tcp-{Interlocked.Increment(ref _accepted)}", _linger);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException) when (_disposed)
            {
                return null;
            }
            catch (SocketException exception)
                when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The connection ended before it was accepted: try the next one.
            }
            catch (SocketException exception)
            {
                throw new IOException(exception.Message, exception);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
#if NET
        _acceptor?.Dispose();
#endif
        _socket?.Dispose();
        return default;
    }

    private static async ValueTask<IPAddress> ResolveAsync(string host)
    {
        if (host == "*")
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return address;
        if (host.Length > MaxNameLength)
            throw new SocketException((int)SocketError.HostNotFound);
        var all = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
        return all.OrderBy(known => known.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First();
    }

    private static string Explain(SocketException exception, string where) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"Cannot listen on {where}: another program is already listening there.",
        SocketError.AddressNotAvailable => $"Cannot listen on {where}: this machine has no such address.",
        SocketError.AccessDenied =>
            $"Cannot listen on {where}: not allowed. Ports below 1024 need rights that this program does not have.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            $"Cannot listen on {where}: the name {where.Substring(0, where.LastIndexOf(':'))} is not known.",
        _ => $"Cannot listen on {where}: {exception.Message}",
    };

    /// <summary>Accepted sockets inherit all of this; telnet's urgent bytes stay in line (RFC 854, SYNCH).</summary>
    private void Configure(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendBufferSize = _options.SendBufferBytes;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
#if NET
        const int IdleSeconds = 60, IntervalSeconds = 15, Retries = 4;
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Retries);
        if (OperatingSystem.IsLinux())
        {
            const int ProtocolTcp = 6, TcpUserTimeout = 18;
            var milliseconds = BitConverter.GetBytes((int)_options.UserTimeout.TotalMilliseconds);
            socket.SetRawSocketOption(ProtocolTcp, TcpUserTimeout, milliseconds);
        }
#endif
    }
}
