using System.Globalization;

namespace Chat.Bench.Running;

/// <summary>
/// A room in which one client counts aloud at a steady pace and another notes when each line reaches it. Each line bears the time at which
/// it was due, so that a talker who is held up is seen, too.
/// </summary>
internal sealed class PacedRoom(BenchClient talker, BenchClient listener, TimeSpan pace)
{
    private readonly Lock _lock = new();
    private List<TimeSpan> _delays = [];

    /// <summary>What the listener has seen.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>How many lines have been sent.</summary>
    public int Sent { get; private set; }

    public string Talker => talker.Nick;

    /// <summary>Is told every line as it comes, with the time.</summary>
    public Action<string, long>? Heard { get; set; }

    /// <summary>Speaks until it is enough.</summary>
    public async Task TalkAsync(CancellationToken enough)
    {
        var due = TimeProvider.System.GetTimestamp();
        using var ticks = new PeriodicTimer(pace);
        while (!enough.IsCancellationRequested)
        {
            await ticks.WaitForNextTickAsync(CancellationToken.None);
            due = TimeProvider.System.GetTimestamp();
            await talker.SendLineAsync(string.Create(CultureInfo.InvariantCulture, $"line {Sent++} t{due}"));
        }
    }

    /// <summary>Notes all that comes.</summary>
    public Task ListenAsync(CancellationToken enough) => Task.WhenAll(talker.ReadAsync(_ => { }, enough), listener.ReadAsync(Take, enough));

    /// <summary>Takes all that has come until now.</summary>
    public async Task FinishAsync()
    {
        // The talker's own answer comes when their last line is in the room; the listener's then comes behind that line.
        await talker.PingAsync(_ => { });
        await listener.PingAsync(Take);
    }

    /// <summary>The delays since the last time this was asked.</summary>
    public IReadOnlyList<TimeSpan> TakeDelays()
    {
        lock (_lock)
        {
            var delays = _delays;
            _delays = [];
            return delays;
        }
    }

    private void Take(string text)
    {
        var now = TimeProvider.System.GetTimestamp();
        Heard?.Invoke(text, now);
        if (StampedLine.Read(text) is not { } line)
            return;
        Ledger.Take(line);
        var due = long.Parse(text.AsSpan(text.LastIndexOf(" t", StringComparison.Ordinal) + 2), NumberStyles.None, CultureInfo.InvariantCulture);
        lock (_lock)
            _delays.Add(TimeProvider.System.GetElapsedTime(due, now));
    }
}
