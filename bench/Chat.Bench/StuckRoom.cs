using System.Globalization;
using Chat.Bench.Reports;
using Chat.Bench.Running;

namespace Chat.Bench;

/// <summary>
/// A hook gets stuck in a line of one of eight busy rooms: how long that line takes to come out, and what the seven other rooms notice.
/// Windows with and without a stuck hook take turns in one run.
/// </summary>
/// <param name="rounds">How many windows of each kind, for each way to be stuck.</param>
/// <param name="window">How long a window is.</param>
internal sealed class StuckRoom(int rounds, TimeSpan window)
{
    private const int Rooms = 8;
    private const string Held = "Chat.Bench.Stuck";

    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _budget = new Engine.ChatServerOptions().HookTimeBudget;

    private readonly List<PacedRoom> _rooms = [];

    /// <summary>Whether every line came once and in order.</summary>
    public bool IsClean { get; private set; }

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new BenchReport("A hook that is stuck in one of eight busy rooms");
        await using var chat = new BenchChat();
        chat.DropPlugin();

        // In use again after each round, however often it was stuck.
        await chat.StartAsync(options => options.HookFaultLimit = 1000, cancellationToken);
        for (var room = 0; room < Rooms; room++)
            _rooms.Add(new PacedRoom(await chat.EnterAsync($"talker{room}", $"room{room}", cancellationToken), await chat.EnterAsync($"listener{room}", $"room{room}", cancellationToken), _pace));
        var eve = await chat.EnterAsync("eve", "room0", cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var overheard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = _rooms.Select(room => room.ListenAsync(overheard.Token)).Append(eve.ReadAsync(_ => { }, overheard.Token)).ToList();
        var talking = _rooms.Select(room => room.TalkAsync(enough.Token)).ToList();
        await Task.Delay(window, cancellationToken);

        var waiting = await RoundsAsync("wait", chat, eve, cancellationToken);
        var computing = await RoundsAsync("loop", chat, eve, cancellationToken);
        await FinishAsync(talking, listening, enough, overheard);
        Report(report, waiting, computing);
        return report;
    }

    private async Task<Figures> RoundsAsync(string way, BenchChat chat, BenchClient eve, CancellationToken cancellationToken)
    {
        List<TimeSpan> calm = [], stuck = [], came = [], calmHere = [], stuckHere = [];
        for (var round = 0; round < rounds; round++)
        {
            _ = TakeDelays();
            await Task.Delay(window, cancellationToken);
            Add(calm, calmHere);

            AppDomain.CurrentDomain.SetData(Held, true);
            var heard = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _rooms[0].Heard = (line, now) =>
            {
                if (line.Contains("<eve> stick", StringComparison.Ordinal))
                    heard.TrySetResult(now);
            };
            var said = TimeProvider.System.GetTimestamp();
            await eve.SendLineAsync($"stick {way} {round}");
            await Task.Delay(window, cancellationToken);
            came.Add(TimeProvider.System.GetElapsedTime(said, await heard.Task.WaitAsync(cancellationToken)));
            Add(stuck, stuckHere);

            AppDomain.CurrentDomain.SetData(Held, null);
            while (chat.DescribeHooks().Contains("OUT OF USE", StringComparison.Ordinal))
                await Task.Delay(_pace, cancellationToken);
        }

        return new Figures(calm, stuck, calmHere, stuckHere, came);

        void Add(List<TimeSpan> others, List<TimeSpan> here)
        {
            var delays = TakeDelays();
            here.AddRange(delays[0]);
            others.AddRange(delays.Skip(1).SelectMany(room => room));
        }
    }

    private List<IReadOnlyList<TimeSpan>> TakeDelays() => [.. _rooms.Select(room => room.TakeDelays())];

    /// <summary>Ends the talk, and hears the last of it.</summary>
    private async Task FinishAsync(List<Task> talking, List<Task> listening, CancellationTokenSource enough, CancellationTokenSource overheard)
    {
        // Who listens looks up after a line, so there must be one more.
        await overheard.CancelAsync();
        await Task.WhenAll(listening);
        await enough.CancelAsync();
        await Task.WhenAll(talking);
        foreach (var room in _rooms)
            await room.FinishAsync();
    }

    private void Report(BenchReport report, Figures waiting, Figures computing)
    {
        var lost = _rooms.Sum(room => room.Ledger.Lost([(room.Talker, room.Sent)]));
        var (doubled, reordered) = (_rooms.Sum(room => room.Ledger.Doubled), _rooms.Sum(room => room.Ledger.Reordered));
        IsClean = lost + doubled + reordered == 0;
        report.Add(string.Create(CultureInfo.InvariantCulture, $"{Rooms} rooms, in each a person who speaks every {_pace.TotalMilliseconds:0} ms and one who listens, in one process. {rounds} windows of {window.TotalSeconds:0.#} s without and as many with a stuck hook, in turns. The budget of a hook is {_budget.TotalMilliseconds:0} ms; `waits` is an event that nobody sets, a wait that the watchdog interrupts; `computes` is a loop that nothing ends before the window does, and has one of the processor's cores as long."));
        report.AddTable(
            ["ms until the line came out, in which the hook is stuck", "min", "median", "p90", "max"],
            ["waits", .. new Spread(waiting.Out).Cells],
            ["computes", .. new Spread(computing.Out).Cells]);
        report.AddTable(
            ["ms from when a line is due until it is heard", "p50", "p99", "max", "lines"],
            ["seven other rooms, nothing stuck", .. Cells(waiting.Calm)],
            ["seven other rooms, a hook waits", .. Cells(waiting.Stuck)],
            ["seven other rooms, nothing stuck", .. Cells(computing.Calm)],
            ["seven other rooms, a hook computes", .. Cells(computing.Stuck)],
            ["another talker in the same room, nothing stuck", .. Cells(waiting.CalmHere)],
            ["another talker in the same room, a hook waits", .. Cells(waiting.StuckHere)],
            ["another talker in the same room, a hook computes", .. Cells(computing.StuckHere)]);
        report.AddTable(["lines", "count"], ["sent", $"{_rooms.Sum(room => (long)room.Sent)}"], ["lost", $"{lost}"], ["doubled", $"{doubled}"], ["reordered", $"{reordered}"]);
    }

    private static IEnumerable<string> Cells(List<TimeSpan> delays)
    {
        var spread = new Spread(delays);
        return [spread.At(0.5), spread.At(0.99), spread.At(1), delays.Count.ToString(CultureInfo.InvariantCulture)];
    }

    private sealed record Figures(List<TimeSpan> Calm, List<TimeSpan> Stuck, List<TimeSpan> CalmHere, List<TimeSpan> StuckHere, List<TimeSpan> Out);
}
