using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.Transport.Tcp.Tests;

/// <summary>The other side: a plain socket that sends bytes and reads lines.</summary>
internal sealed class Peer : IDisposable
{
    private readonly byte[] _received = new byte[16 * 1024];
    private int _next, _end;

    private Peer(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    public static async Task<Peer> ConnectAsync(
        EndPoint endPoint, CancellationToken cancellationToken, int receiveBufferBytes = 0)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes > 0)
            socket.ReceiveBufferSize = receiveBufferBytes;
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new Peer(socket);
    }

    public Task SendAsync(string text, CancellationToken cancellationToken) =>
        SendAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await Socket.SendAsync(bytes, cancellationToken)..];
    }

    /// <summary>Ends this side's output; the other side's is still read.</summary>
    public void Finish() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    /// <summary>The next byte, or -1 when there will be none.</summary>
    public async ValueTask<int> ReadByteAsync(CancellationToken cancellationToken)
    {
        if (_next == _end)
        {
            _next = 0;
            _end = await Socket.ReceiveAsync(_received, cancellationToken);
        }

        return _next == _end ? -1 : _received[_next++];
    }

    /// <summary>The next bytes, exactly as many as asked for.</summary>
    public async Task<byte[]> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var had = Math.Min(count, _end - _next);
        _received.AsSpan(_next, had).CopyTo(bytes);
        _next += had;
        while (had < count)
        {
            var received = await Socket.ReceiveAsync(bytes.AsMemory(had), cancellationToken);
            Assert.That(received, Is.Positive, "the connection has ended");
            had += received;
        }

        return bytes;
    }

    /// <summary>
    /// The next line without its CR LF, one character for each byte; <see langword="null"/> at the end.
    /// </summary>
    public async Task<string?> ReadRawLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (!(line.Length >= 2 && line[^2] == '\r' && line[^1] == '\n'))
        {
            var value = await ReadByteAsync(cancellationToken);
            if (value < 0)
                return null;
            line.Append((char)value);
        }

        return line.ToString(0, line.Length - 2);
    }

    /// <summary>The next line; <see langword="null"/> at the end.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await ReadRawLineAsync(cancellationToken) is { } line ? Encoding.UTF8.GetString(Bytes.Latin(line)) : null;

    /// <summary>Reads up to a line that contains the text.</summary>
    /// <returns>All the lines, that one too.</returns>
    public async Task<List<string>> ReadUntilAsync(string text, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        do
        {
            lines.Add(
                await ReadLineAsync(cancellationToken)
                ?? throw new IOException($"Ended without \"{text}\": {string.Join(" | ", lines)}"));
        }
        while (!lines[^1].Contains(text, StringComparison.Ordinal));
        return lines;
    }

    /// <summary>Asks, and reads up to the answer: everything before it has arrived by then.</summary>
    /// <returns>The lines before the answer.</returns>
    public async Task<List<string>> PingAsync(string token, CancellationToken cancellationToken)
    {
        await SendAsync($"/ping {token}\n", cancellationToken);
        var lines = await ReadUntilAsync($"pong {token}", cancellationToken);
        return lines[..^1];
    }

    /// <summary>Reads all lines there will be.</summary>
    public async Task<List<string>> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (await ReadLineAsync(cancellationToken) is { } line)
            lines.Add(line);
        return lines;
    }

    public void Dispose() => Socket.Dispose();
}
