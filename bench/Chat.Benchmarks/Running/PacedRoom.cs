using System.Globalization;

namespace Chat.Benchmarks.Running;

/// <summary>
/// A room in which one client counts aloud at a steady pace and another notes when each line reaches it. Each line
/// bears the time at which it was due, and is sent later when the talker was held up, so that is seen, too.
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

    /// <summary>Is told of each line of anybody else as it comes, with how long it took.</summary>
    public Action<StampedLine, TimeSpan>? Heard { get; set; }

    /// <summary>A line that is due now.</summary>
    public static string LineOf(int number, string more = "") =>
        LineOf(number, TimeProvider.System.GetTimestamp(), more);

    /// <summary>Speaks until it is enough.</summary>
    public async Task TalkAsync(CancellationToken enough)
    {
        var began = TimeProvider.System.GetTimestamp();
        var step = (long)(pace.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (!enough.IsCancellationRequested)
        {
            var due = began + (step * (Sent + 1));
            if (TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due) is { Ticks: > 0 } early)
                await Task.Delay(early, CancellationToken.None);
            await talker.SendLineAsync(LineOf(Sent++, due, ""));
        }
    }

    /// <summary>Notes all that comes.</summary>
    public Task ListenAsync(CancellationToken enough) =>
        Task.WhenAll(talker.ReadAsync(_ => { }, enough), listener.ReadAsync(Take, enough));

    /// <summary>Takes all that has come until now.</summary>
    public async Task FinishAsync()
    {
        // The talker's own answer comes when their last line is in the room; the listener's then comes behind that
        // line.
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

    private static string LineOf(int number, long due, string more) =>
        string.Create(CultureInfo.InvariantCulture, $"line {number} {more} t{due}");

    private void Take(string text)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (StampedLine.Read(text) is not { } line)
            return;
        Ledger.Take(line);
        var due = text.AsSpan(text.LastIndexOf(" t", StringComparison.Ordinal) + 2);
        var took = TimeProvider.System.GetElapsedTime(
            long.Parse(due, NumberStyles.None, CultureInfo.InvariantCulture), now);
        if (line.Nick != Talker)
        {
            Heard?.Invoke(line, took);
            return;
        }

        lock (_lock)
            _delays.Add(took);
    }
}
