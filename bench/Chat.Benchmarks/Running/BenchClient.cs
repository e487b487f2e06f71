using System.Text;
using Chat.Scenes.Clients;

namespace Chat.Benchmarks.Running;

/// <summary>A client that keeps nothing of what it has read, so that memory shows the server alone.</summary>
internal sealed class BenchClient(string nick, IClientSide side, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly byte[] _received = new byte[16 * 1024];
    private readonly byte[] _line = new byte[8 * 1024];
    private int _next, _end, _pings;

    public string Nick => nick;

    public ValueTask SendLineAsync(string line) =>
        side.SendAsync(Encoding.UTF8.GetBytes($"{line}\r\n"), cancellationToken);

    /// <summary>Asks for a sign of life, and takes every line that comes before it.</summary>
    /// <exception cref="IOException">The server has closed.</exception>
    public async Task PingAsync(Action<string> take)
    {
        var answer = $"pong {++_pings}";
        await SendLineAsync($"/ping {_pings}");
        while (true)
        {
            var line = await ReadLineAsync() ?? throw new IOException($"{nick} was disconnected.");
            if (line == answer)
                return;
            take(line);
        }
    }

    /// <summary>Takes every line until the server closes, or it is enough.</summary>
    public async Task ReadAsync(Action<string> take, CancellationToken enough)
    {
        // Somebody else speaks, so there is always one line more.
        while (!enough.IsCancellationRequested && await ReadLineAsync() is { } line)
            take(line);
    }

    public ValueTask DisposeAsync() => side.DisposeAsync();

    private async ValueTask<string?> ReadLineAsync()
    {
        var length = 0;
        while (true)
        {
            while (_next < _end)
            {
                var value = _received[_next++];
                if (value == '\n')
                    return Encoding.UTF8.GetString(_line, 0, length).TrimEnd('\r');
                _line[length++] = value;
            }

            _next = 0;
            _end = await side.ReceiveAsync(_received, cancellationToken);
            if (_end == 0)
                return null;
        }
    }
}
