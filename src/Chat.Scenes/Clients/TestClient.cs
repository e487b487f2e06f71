using System.Text;

namespace Chat.Scenes.Clients;

/// <summary>A client that speaks lines. One caller at a time may read and one may send.</summary>
/// <remarks>Nothing here waits for time to pass. To assert that nothing arrives, call <see cref="PingAsync"/>: its
/// answer arrives after everything that was on its way.</remarks>
public sealed class TestClient : IAsyncDisposable
{
    private readonly IClientSide _side;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _received = new byte[4096];
    private readonly List<byte> _line = [];
    private readonly List<string> _seen = [];
    private int _next, _end, _pings;

    /// <summary>Creates a client on the client's end of a connection.</summary>
    /// <param name="side">The end. Owned by the client.</param>
    /// <param name="cancellationToken">Cancels every wait: the token of the test.</param>
    public TestClient(IClientSide side, CancellationToken cancellationToken = default)
    {
        _side = side ?? throw new ArgumentNullException(nameof(side));
        _cancellationToken = cancellationToken;
    }

    /// <summary>All lines read so far.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>Sends one line of text.</summary>
    /// <param name="line">The line without its line ending.</param>
    public ValueTask SendLineAsync(string line) => SendBytesAsync(Encoding.UTF8.GetBytes($"{line}\r\n"));

    /// <summary>Sends bytes as they are.</summary>
    /// <param name="bytes">The bytes.</param>
    public ValueTask SendBytesAsync(ReadOnlyMemory<byte> bytes) => _side.SendAsync(bytes, _cancellationToken);

    /// <summary>Reads the next line.</summary>
    /// <returns>The line without its ending; <see langword="null"/> if the server has closed the connection. A last
    /// line without an ending is dropped.</returns>
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
    /// <exception cref="InvalidOperationException">The line did not arrive. The message shows what did.</exception>
    public async ValueTask<string> ExpectAsync(string text)
    {
        var lines = await ReadUntilAsync(line => line.Contains(text, StringComparison.Ordinal), $"'{text}'")
            .ConfigureAwait(false);
        return lines[^1];
    }

    /// <summary>Sends <c>/ping</c> and waits for the answer.</summary>
    /// <returns>The lines before the answer, with everything that was sent to this client before the call.</returns>
    /// <exception cref="InvalidOperationException">The answer did not arrive. The message shows what did.</exception>
    public async ValueTask<IReadOnlyList<string>> PingAsync()
    {
        var token = $"t{++_pings}";
        await SendLineAsync($"/ping {token}").ConfigureAwait(false);
        var lines = await ReadUntilAsync(line => line == $"pong {token}", $"the answer to /ping {token}")
            .ConfigureAwait(false);
        return lines.GetRange(0, lines.Count - 1);
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>All lines until the server closed the connection.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<IReadOnlyList<string>> ReadToEndAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync().ConfigureAwait(false) is { } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>Closes the sending direction. Reading goes on.</summary>
    public void EndSending() => _side.End();

    /// <summary>Leaves cleanly: closes the sending direction and reads until the server closes the
    /// connection.</summary>
    /// <returns>The lines that still arrived.</returns>
    public ValueTask<IReadOnlyList<string>> CloseAsync()
    {
        EndSending();
        return ReadToEndAsync();
    }

    /// <summary>Resets the connection.</summary>
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
