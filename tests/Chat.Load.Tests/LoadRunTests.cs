using Chat.Load.Counting;
using Chat.Load.Wire;

namespace Chat.Load.Tests;

[Platform("Linux")]
[CancelAfter(60_000)]
public sealed class LoadRunTests
{
    private const int Lines = 60;

    [Test]
    public async Task A_server_that_does_all_right_is_clean(CancellationToken cancellationToken)
    {
        var tally = await RunAsync(Fault.None, cancellationToken);

        Assert.That(Counts(tally), Is.EqualTo("sent 60, lost 0, doubled 0, reordered 0, misrouted 0, unknown 0"));
    }

    [TestCase(Fault.Lose, "sent 60, lost 1, doubled 0, reordered 0, misrouted 0, unknown 0")]
    [TestCase(Fault.Repeat, "sent 60, lost 0, doubled 1, reordered 0, misrouted 0, unknown 0")]
    [TestCase(Fault.Swap, "sent 60, lost 0, doubled 0, reordered 1, misrouted 0, unknown 0")]
    [TestCase(Fault.Misroute, "sent 60, lost 0, doubled 0, reordered 0, misrouted 1, unknown 0")]
    [TestCase(Fault.Invent, "sent 60, lost 0, doubled 0, reordered 0, misrouted 0, unknown 1")]
    public async Task One_line_that_goes_wrong_is_counted(
        Fault fault, string expected, CancellationToken cancellationToken)
    {
        var tally = await RunAsync(fault, cancellationToken);

        Assert.That((Counts(tally), tally.IsClean), Is.EqualTo((expected, false)));
    }

    [Test]
    public async Task A_paced_run_counts_the_same(CancellationToken cancellationToken)
    {
        var tally = await RunAsync(Fault.Repeat, cancellationToken, options => options with { Rate = 2000 });

        Assert.That(Counts(tally), Is.EqualTo("sent 60, lost 0, doubled 1, reordered 0, misrouted 0, unknown 0"));
    }

    [Test]
    public async Task When_the_server_hangs_up_the_run_ends_and_lines_are_lost(CancellationToken cancellationToken)
    {
        var tally = await RunAsync(
            Fault.HangUp, cancellationToken, options => options with { DurationSeconds = 3600, Lines = 0 });

        Assert.That((tally.Lost > 0, tally.IsClean), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task What_stalled_clients_do_not_read_is_not_lost(CancellationToken cancellationToken)
    {
        var tally = await RunAsync(
            Fault.None, cancellationToken, options => options with { Receivers = 8, Stalled = 2 });

        Assert.That((tally.Expected, tally.IsClean), Is.EqualTo((Lines * 3L, true)));
    }

    [Test]
    public async Task Other_protocols_are_spoken_too(
        [Values("Irc", "Nats")] string protocol, CancellationToken cancellationToken)
    {
        var kind = Enum.Parse<WireKind>(protocol);

        var tally = await RunAsync(Fault.Repeat, cancellationToken, options => options with { Proto = kind });

        Assert.That(Counts(tally), Is.EqualTo("sent 60, lost 0, doubled 1, reordered 0, misrouted 0, unknown 0"));
    }

    private static async Task<Tally> RunAsync(
        Fault fault, CancellationToken cancellationToken, Func<LoadOptions, LoadOptions>? change = null)
    {
        await using var server = new FaultyServer(fault);

        // Talking ends when all lines have come; one that is lost is waited for as long as it lasts.
        var options = new LoadOptions
        {
            Port = server.Port,
            Receivers = 6,
            Senders = 2,
            Rooms = 2,
            JoinCommand = "/join r%d",
            Lines = Lines,
            Window = 4,
            WarmupSeconds = 0,
            DurationSeconds = fault == Fault.Lose ? 5 : 30,
            SettleMilliseconds = 0,
            Patience = TimeSpan.FromSeconds(2),
        };
        var result = await Task.Run(() => LoadRun.Execute(change?.Invoke(options) ?? options), cancellationToken);
        return result.Tally;
    }

    private static string Counts(Tally tally) =>
        $"sent {tally.Sent}, lost {tally.Lost}, doubled {tally.Doubled}, reordered {tally.Reordered}, "
            + $"misrouted {tally.Misrouted}, unknown {tally.Unknown}";
}
