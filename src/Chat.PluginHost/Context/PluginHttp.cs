using System.Net;
using System.Net.Sockets;

namespace Chat.PluginHost.Context;

/// <summary>The web client of one version, created on first use. Safe from any thread.</summary>
internal sealed class PluginHttp(string plugin)
{
    private const int MaxBufferedBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _connectionLifetime = TimeSpan.FromMinutes(2);

    private readonly HashSet<Connection> _connections = [];
    private HttpClient? _client;
    private bool _isClosed;

    /// <summary>The client.</summary>
    /// <exception cref="ObjectDisposedException">The version has been removed.</exception>
    public HttpClient Client
    {
        get
        {
            lock (_connections)
            {
                ThrowIfClosed();
                return _client ??= Make();
            }
        }
    }

    /// <summary>How many connections are open.</summary>
    public int Connections
    {
        get
        {
            lock (_connections)
                return _connections.Count;
        }
    }

    /// <summary>Cancels the requests under way and closes their connections, even while answers are read.</summary>
    public void Close()
    {
        List<Connection> open;
        lock (_connections)
        {
            _isClosed = true;
            open = [.. _connections];
        }

        _client?.Dispose();
        foreach (var connection in open)
            connection.Dispose();
    }

    private HttpClient Make()
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = _connectionLifetime,
        })
        {
            Timeout = _timeout,
            MaxResponseContentBufferSize = MaxBufferedBytes,
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd($"chat-server-plugin/{ProductVersion(plugin)}");
        return client;
    }

    /// <summary>The id as it may appear in the header.</summary>
    private static string ProductVersion(string id) => string.Concat(id.Select(character =>
        char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' ? character : '_'));

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            lock (_connections)
            {
                ThrowIfClosed();
                var connection = new Connection(socket, this);
                _connections.Add(connection);
                return connection;
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new ObjectDisposedException(
                null, "This version of the plugin has been removed: it sends no web requests any more.");
        }
    }

    private void Forget(Connection connection)
    {
        lock (_connections)
            _connections.Remove(connection);
    }

    private sealed class Connection(Socket socket, PluginHttp owner) : NetworkStream(socket, ownsSocket: true)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            owner.Forget(this);
        }
    }
}
