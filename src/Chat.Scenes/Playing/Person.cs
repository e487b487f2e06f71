using System.Globalization;

namespace Chat.Scenes.Playing;

/// <summary>A person in a scene: types lines and collects those that arrive. One caller at a time.</summary>
internal sealed class Person : IAsyncDisposable
{
    private const string Sign = "scene-";

    private readonly TestClient _client;
    private readonly Collected<SeenLine> _lines = new();
    private readonly Collected<string> _answers = new();
    private readonly Task _reading;
    private int _next, _asked;

    /// <summary>Starts collecting lines.</summary>
    public Person(string name, TestClient client)
    {
        Name = name;
        _client = client;
        _reading = Task.Run(ReadAsync);
    }

    public string Name { get; }
    public IReadOnlyList<SeenLine> Lines => _lines.All;

    /// <summary>Whether the person has left. The lines seen before remain.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Whether nothing more can arrive.</summary>
    public bool HasEnded => _reading.IsCompleted;

    /// <summary>Whether every request of <see cref="CatchUpAsync"/> has been answered.</summary>
    public bool IsCaughtUp => _answers.All.Count >= _asked;

    private string Token => string.Create(CultureInfo.InvariantCulture, $"{Sign}{_asked}");

    /// <summary>Types a line.</summary>
    /// <returns><see langword="false"/> if the connection has ended.</returns>
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

    /// <summary>Waits until the server has handled everything the person has typed, and everything on its way has
    /// arrived. Does not wait while an earlier line is still in a hook.</summary>
    /// <returns>Whether the server answered in time.</returns>
    public async Task<bool> CatchUpAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (HasEnded || _answers.All.Count < _asked)
            return false;
        _asked++;
        return await TypeAsync($"/ping {Token}").ConfigureAwait(false)
            && await WithinAsync(token => _answers.WaitForAsync(_asked, token), patience, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Waits for the next line that the scene has not asked for, the next until it is marked.</summary>
    /// <returns><see langword="null"/> if none arrived in time, or none can arrive any more.</returns>
    public async Task<SeenLine?> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await WithinAsync(token => _lines.WaitForAsync(_next + 1, token), patience, cancellationToken)
            .ConfigureAwait(false);
        return _lines.All.ElementAtOrDefault(_next);
    }

    /// <summary>Marks the next line and moves on to the one after it.</summary>
    public void Mark(SeenMark mark)
    {
        _lines.All[_next].Mark = mark;
        _next++;
    }

    /// <summary>Skips the lines up to a number.</summary>
    public void Skip(int count)
    {
        while (_next < count)
            Mark(SeenMark.Skipped);
    }

    /// <summary>Leaves cleanly.</summary>
    /// <returns>Whether the server closed the connection in time.</returns>
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

    /// <summary>Waits for a task, but only while patience lasts and something can still arrive.</summary>
    private async Task<bool> WithinAsync(
        Func<CancellationToken, Task> wait, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(patience);
        var waiting = wait(giveUp.Token);
        await Task.WhenAny(waiting, _reading).ConfigureAwait(false);
        if (!waiting.IsCompleted)
        {
            // Nothing more can arrive. What arrived at the very end may have been enough.
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
            // The end, though not a clean one.
        }
    }
}
