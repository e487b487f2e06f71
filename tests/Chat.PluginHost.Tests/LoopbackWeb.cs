using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.PluginHost.Tests;

/// <summary>A web server of the test's own: it takes requests, and the test answers them as it likes.</summary>
internal sealed class LoopbackWeb : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];

    public LoopbackWeb() => _listener.Start();

    public string Address => $"http://{_listener.LocalEndpoint}/";

    /// <summary>Takes the next connection and reads its request.</summary>
    public async Task<(string Request, NetworkStream Connection)> AcceptAsync(CancellationToken cancellationToken)
    {
        var client = await _listener.AcceptTcpClientAsync(cancellationToken);
        _clients.Add(client);
        var connection = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
            && await connection.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            request.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return (request.ToString(), connection);
    }

    /// <summary>Answers a request.</summary>
    /// <param name="connection">Where it came from.</param>
    /// <param name="length">How long the answer says it is.</param>
    /// <param name="body">What of it is sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task AnswerAsync(
        NetworkStream connection, int length, string body, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"), cancellationToken)
            .AsTask();

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _listener.Dispose();
    }
}
