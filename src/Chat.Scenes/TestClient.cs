using System.Text;

namespace Chat.Scenes;

/// <summary>A client that speaks lines. One caller at a time reads, one sends.</summary>
/// <remarks>
/// Nothing here waits for time to pass: a client that wants to know that nothing came asks <see cref="PingAsync"/>, whose answer
/// comes after everything that was on its way.
/// </remarks>
public sealed class TestClient : IAsyncDisposable
{
    private readonly IClientSide _side;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _received = new byte[4096];
    private readonly List<byte> _line = [];
    private readonly List<string> _seen = [];
    private int _next, _end, _pings;

    /// <summary>Makes a client of one end of a connection.</summary>
    /// <param name="side">The end.</param>
    /// <param name="cancellationToken">Ends every wait: the test's own token.</param>
    public TestClient(IClientSide side, CancellationToken cancellationToken = default)
    {
        _side = side ?? throw new ArgumentNullException(nameof(side));
        _cancellationToken = cancellationToken;
    }

    /// <summary>Every line read so far.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>Sends one line of text.</summary>
    /// <param name="line">The line without its end.</param>
    public ValueTask SendLineAsync(string line) => SendBytesAsync(Encoding.UTF8.GetBytes($"{line}\r\n"));

    /// <summary>Sends bytes as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    public ValueTask SendBytesAsync(ReadOnlyMemory<byte> bytes) => _side.SendAsync(bytes, _cancellationToken);

    /// <summary>Reads the next line.</summary>
    /// <returns>The line without its end; <see langword="null"/> when the server has closed. A line without an end is not a line.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<string?> ReadLineAsync()
    {
        while (true)
        {
            while (_next < _end)
            {
                var value = _received[_next++];
                if (value != '\n')
                {
                    _line.Add(value);
                    continue;
                }

                var line = Encoding.UTF8.GetString([.. _line]).TrimEnd('\r');
                _line.Clear();
                _seen.Add(line);
                return line;
            }

            _next = 0;
            _end = await _side.ReceiveAsync(_received, _cancellationToken).ConfigureAwait(false);
            if (_end == 0)
                return null;
        }
    }

    /// <summary>Reads until a line that contains a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The line.</returns>
    /// <exception cref="InvalidOperationException">It did not come; the message shows what did.</exception>
    public async ValueTask<string> ExpectAsync(string text)
    {
        var lines = await ReadUntilAsync(line => line.Contains(text, StringComparison.Ordinal), $"'{text}'").ConfigureAwait(false);
        return lines[^1];
    }

    /// <summary>Asks the server for a sign of life.</summary>
    /// <returns>The lines that came before the answer. What had been sent to this client before this call is among them.</returns>
    /// <exception cref="InvalidOperationException">The answer did not come; the message shows what did.</exception>
    public async ValueTask<IReadOnlyList<string>> PingAsync()
    {
        var token = $"t{++_pings}";
        await SendLineAsync($"/ping {token}").ConfigureAwait(false);
        var lines = await ReadUntilAsync(line => line == $"pong {token}", $"the answer to /ping {token}").ConfigureAwait(false);
        return lines.GetRange(0, lines.Count - 1);
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>All lines until the server closed.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<IReadOnlyList<string>> ReadToEndAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync().ConfigureAwait(false) is { } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>Says that no more will be sent. Reading goes on.</summary>
    public void EndSending() => _side.End();

    /// <summary>Leaves with a clean end: sends no more, and reads until the server has closed.</summary>
    /// <returns>The lines that still came.</returns>
    public ValueTask<IReadOnlyList<string>> CloseAsync()
    {
        EndSending();
        return ReadToEndAsync();
    }

    /// <summary>Breaks the connection, as a reset does.</summary>
    public void Reset() => _side.Reset();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _side.DisposeAsync();

    private async ValueTask<List<string>> ReadUntilAsync(Predicate<string> isLast, string wanted)
    {
        List<string> lines = [];
        try
        {
            while (await ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lines.Add(line);
                if (isLast(line))
                    return lines;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            throw new InvalidOperationException(Missing($"{exception.GetType().Name}: {exception.Message}"), exception);
        }

        throw new InvalidOperationException(Missing("the server closed the connection"));

        string Missing(string why) => $"Waited for {wanted}; {why}. Lines since:\n  {string.Join("\n  ", lines)}";
    }
}
