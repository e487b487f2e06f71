using System.Globalization;

namespace Chat.Scenes.Playing;

/// <summary>Somebody in a scene: types lines, and takes in what comes, as it comes. One caller at a time.</summary>
internal sealed class Person : IAsyncDisposable
{
    private const string Sign = "scene-";

    private readonly TestClient _client;
    private readonly Collected<SeenLine> _lines = new();
    private readonly Collected<string> _answers = new();
    private readonly Task _reading;
    private int _next, _asked;

    /// <summary>Begins to take in what comes.</summary>
    /// <param name="name">What the scene calls them.</param>
    /// <param name="client">Their connection, which is theirs to dispose.</param>
    public Person(string name, TestClient client)
    {
        Name = name;
        _client = client;
        _reading = Task.Run(ReadAsync);
    }

    public string Name { get; }

    /// <summary>All they have seen.</summary>
    public IReadOnlyList<SeenLine> Lines => _lines.All;

    /// <summary>Whether they have left; lines they had seen before are still there.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Whether nothing more can come.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>Whether all they have typed has been done, as far as that was asked.</summary>
    public bool IsCaughtUp => _answers.All.Count >= _asked;

    private string Token => string.Create(CultureInfo.InvariantCulture, $"{Sign}{_asked}");

    /// <summary>Types a line.</summary>
    /// <returns>Whether there was still a server to take it.</returns>
    public async Task<bool> TypeAsync(string line)
    {
        try
        {
            await _client.SendLineAsync(line).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>
    /// Waits until everything they have typed has been done and all that was on its way has come. While an earlier line is still in
    /// a hook there is nothing more to wait for.
    /// </summary>
    /// <returns>Whether the server has answered in time.</returns>
    public async Task<bool> CatchUpAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (HasEnded || _answers.All.Count < _asked)
            return false;
        _asked++;
        return await TypeAsync($"/ping {Token}").ConfigureAwait(false)
            && await WithinAsync(token => _answers.WaitForAsync(_asked, token), patience, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next line they have not been asked for; it stays the next until it is marked.</summary>
    /// <returns><see langword="null"/> when none has come in time, or none can come any more.</returns>
    public async Task<SeenLine?> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await WithinAsync(token => _lines.WaitForAsync(_next + 1, token), patience, cancellationToken).ConfigureAwait(false);
        return _lines.All.ElementAtOrDefault(_next);
    }

    /// <summary>Says what has become of the next line, and goes on to the one after it.</summary>
    public void Mark(SeenMark mark)
    {
        _lines.All[_next].Mark = mark;
        _next++;
    }

    /// <summary>Passes over the lines up to a number.</summary>
    public void PassOver(int count)
    {
        while (_next < count)
            Mark(SeenMark.PassedOver);
    }

    /// <summary>Ends the connection politely.</summary>
    /// <returns>Whether the server has let them go in time.</returns>
    public Task<bool> LeaveAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        HasLeft = true;
        _client.EndSending();
        return WithinAsync(token => _reading.WaitAsync(token), patience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Reset();
        await _reading.ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for something, but not for longer than patience lasts and something can still come.</summary>
    private async Task<bool> WithinAsync(Func<CancellationToken, Task> wait, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(patience);
        var waiting = wait(giveUp.Token);
        await Task.WhenAny(waiting, _reading).ConfigureAwait(false);
        if (!waiting.IsCompleted)
        {
            // Nothing can come any more; what came at the very end may be all there was to wait for.
            await giveUp.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await waiting.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _client.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (line.StartsWith($"pong {Sign}", StringComparison.Ordinal))
                    _answers.Add(line);
                else
                    _lines.Add(new SeenLine(line));
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The end, if not a clean one.
        }
    }
}
