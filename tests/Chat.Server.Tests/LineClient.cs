using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.Server.Tests;

/// <summary>A person at a raw terminal: sends lines, reads lines.</summary>
internal sealed class LineClient : IDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly CancellationToken _cancellationToken;
    private int _pings;

    private LineClient(TcpClient client, CancellationToken cancellationToken)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), new UTF8Encoding(false));
        _cancellationToken = cancellationToken;
    }

    public Socket Socket => _client.Client;

    public static async Task<LineClient> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var client = new TcpClient(endPoint.AddressFamily);
        await client.ConnectAsync(endPoint, cancellationToken);
        return new LineClient(client, cancellationToken);
    }

    /// <summary>Connects and takes a nick.</summary>
    public static async Task<LineClient> ConnectAsync(
        IPEndPoint endPoint, string nick, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(endPoint, cancellationToken);
        await client.SendAsync($"/nick {nick}");
        await client.SeesAsync($"is now {nick}");
        return client;
    }

    public async Task SendAsync(string line) =>
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), _cancellationToken);

    /// <summary>The next line; <see langword="null"/> at the end.</summary>
    public async Task<string?> ReadAsync() => await _reader.ReadLineAsync(_cancellationToken);

    /// <summary>Reads until a line contains the text.</summary>
    /// <returns>Everything read, with that line.</returns>
    public async Task<List<string>> SeesAsync(string text)
    {
        List<string> seen = [];
        while (await ReadAsync() is { } line)
        {
            seen.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
                return seen;
        }

        throw new AssertionException($"The connection ended without '{text}'. It said:\n{string.Join('\n', seen)}");
    }

    /// <summary>Everything that was on its way when this was called.</summary>
    public async Task<List<string>> SeenSoFarAsync()
    {
        var token = $"pong {++_pings}-{Guid.NewGuid():N}";
        await SendAsync($"/ping {token[5..]}");
        var seen = await SeesAsync(token);
        seen.RemoveAt(seen.Count - 1);
        return seen;
    }

    public async Task<List<string>> ReadToEndAsync()
    {
        List<string> seen = [];
        while (await ReadAsync() is { } line)
            seen.Add(line);
        return seen;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
