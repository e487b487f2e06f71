using System.Net;
using System.Net.Sockets;

namespace Chat.Server.Listening;

/// <summary>A TCP listener that takes its port early and lets clients in late. An address that cannot be used is known
/// before plugins are loaded, which may take seconds; until they are loaded, the system refuses connections, and nobody
/// types into the void. One caller at a time.</summary>
/// <param name="options">Where to listen. Owned by this listener: it sets the port that the system has chosen.</param>
internal sealed class ReservedListener(TcpListenerOptions options) : IConnectionListener
{
    private TcpConnectionListener _listener = new(options);
    private Socket? _reservation;

    public EndPoint EndPoint => _listener.EndPoint;

    /// <summary>Takes the port, but does not listen on it yet.</summary>
    /// <exception cref="IOException">The address cannot be used; the message says why.</exception>
    public async ValueTask ListenAsync(CancellationToken cancellationToken)
    {
        // The listener knows best whether it can listen, and says best why it cannot.
        await _listener.ListenAsync(cancellationToken).ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        var endPoint = (IPEndPoint)_listener.EndPoint;
        options.Port = endPoint.Port;
        _reservation = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                _reservation.DualMode = true;
            _reservation.Bind(endPoint);
        }
        catch (SocketException)
        {
            // Somebody was faster. They may be gone again when it is time to listen; if not, that fails.
        }
    }

    /// <summary>Listens: from now on clients can connect. Called once, after <see cref="ListenAsync"/>.</summary>
    /// <exception cref="IOException">The address has been taken by another program meanwhile.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _reservation?.Dispose();
        _listener = new TcpConnectionListener(options);
        await _listener.ListenAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IClientConnection?> AcceptAsync(CancellationToken cancellationToken) =>
        _listener.AcceptAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _reservation?.Dispose();
        return _listener.DisposeAsync();
    }
}
