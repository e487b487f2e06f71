using System.Globalization;
using Chat.Benchmarks.Reports;
using Chat.Benchmarks.Running;

namespace Chat.Benchmarks;

/// <summary>
/// A hook gets stuck in a line of one of eight busy rooms: how long that line takes to come out, and what the seven
/// other rooms notice. Windows with and without a stuck hook take turns in one run.
/// </summary>
/// <param name="rounds">How many windows of each kind, for each way to be stuck.</param>
/// <param name="window">How long a window is.</param>
internal sealed class StuckRoom(int rounds, TimeSpan window)
{
    private const int Rooms = 8;
    private const string Held = "Chat.Benchmarks.Stuck", Eve = "eve";

    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _budget = new Engine.ChatServerOptions().HookTimeBudget;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    private readonly List<PacedRoom> _rooms = [];
    private int _eveSent;

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
            _rooms.Add(new PacedRoom(
                await chat.EnterAsync($"talker{room}", $"room{room}", cancellationToken),
                await chat.EnterAsync($"listener{room}", $"room{room}", cancellationToken),
                _pace));
        var eve = await chat.EnterAsync(Eve, "room0", cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var overheard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = _rooms.Select(room => room.ListenAsync(overheard.Token))
            .Append(eve.ReadAsync(_ => { }, overheard.Token)).ToList();
        var talking = _rooms.Select(room => room.TalkAsync(enough.Token)).ToList();
        await Task.Delay(window, cancellationToken);

        var waiting = await RoundsAsync("wait", chat, eve, cancellationToken);
        var computing = await RoundsAsync("loop", chat, eve, cancellationToken);

        // Who listens looks up after a line, so there must be one more.
        await overheard.CancelAsync();
        await Task.WhenAll(listening);
        await enough.CancelAsync();
        await Task.WhenAll(talking);
        await eve.PingAsync(_ => { });
        foreach (var room in _rooms)
            await room.FinishAsync();
        Report(report, waiting, computing);
        return report;
    }

    private async Task<Figures> RoundsAsync(
        string way, BenchChat chat, BenchClient eve, CancellationToken cancellationToken)
    {
        var figures = new Figures();
        for (var round = 0; round < rounds; round++)
        {
            _ = TakeDelays();
            await Task.Delay(window, cancellationToken);
            figures.Calm.Add(TakeDelays());

            AppDomain.CurrentDomain.SetData(Held, true);
            var (stuck, next) = (_eveSent++, _eveSent++);
            var cameOut = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            _rooms[0].Heard = (line, took) =>
            {
                if (line.Number == stuck)
                    cameOut.TrySetResult(took);
            };
            await eve.SendLineAsync(PacedRoom.LineOf(stuck, $"stick {way}"));
            await eve.SendLineAsync(PacedRoom.LineOf(next));
            await Task.Delay(window, cancellationToken);
            figures.Stuck.Add(TakeDelays());
            try
            {
                figures.CameOut.Add(await cameOut.Task.WaitAsync(_longest, cancellationToken));
            }
            catch (TimeoutException)
            {
                // It is lost, as the ledger will say.
            }

            AppDomain.CurrentDomain.SetData(Held, null);
            while (chat.DescribeHooks().Contains("OUT OF USE", StringComparison.Ordinal))
                await Task.Delay(_pace, cancellationToken);
        }

        return figures;
    }

    private IReadOnlyList<TimeSpan>[] TakeDelays() => [.. _rooms.Select(room => room.TakeDelays())];

    private void Report(BenchReport report, Figures waiting, Figures computing)
    {
        var lost = _rooms.Sum(room => room.Ledger.Lost(
            room == _rooms[0] ? [(room.Talker, room.Sent), (Eve, _eveSent)] : [(room.Talker, room.Sent)]));
        var (doubled, reordered) = (_rooms.Sum(room => room.Ledger.Doubled), _rooms.Sum(room => room.Ledger.Reordered));
        IsClean = lost + doubled + reordered == 0;
        report.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{Rooms} rooms, in each a person who speaks every {_pace.TotalMilliseconds:0} ms and one who listens, all "
                + $"in one process. {rounds} windows of {window.TotalSeconds:0.#} s without and as many with a stuck "
                + $"hook, in turns. The budget of a hook is {_budget.TotalMilliseconds:0} ms. `waits` is an event that "
                + $"nobody sets, a wait that the watchdog interrupts; `computes` is a loop that nothing ends before "
                + $"the window does, and has one of the processor's cores as long."));
        report.AddTable(
            ["ms until the line came out, in which the hook is stuck", "min", "median", "p90", "max"],
            ["waits", .. new Spread(waiting.CameOut).Cells],
            ["computes", .. new Spread(computing.CameOut).Cells]);
        report.Add("From when a line is due until it is heard: each figure is the median over the windows.");
        report.AddTable(
            ["ms", "p50", "p99", "p99 of the worst window"],
            ["seven other rooms, nothing stuck", .. Cells(waiting.Calm, 1..)],
            ["seven other rooms, a hook waits", .. Cells(waiting.Stuck, 1..)],
            ["seven other rooms, nothing stuck", .. Cells(computing.Calm, 1..)],
            ["seven other rooms, a hook computes", .. Cells(computing.Stuck, 1..)],
            ["another talker in the same room, nothing stuck", .. Cells([.. waiting.Calm, .. computing.Calm], ..1)],
            ["another talker in the same room, a hook waits", .. Cells(waiting.Stuck, ..1)],
            ["another talker in the same room, a hook computes", .. Cells(computing.Stuck, ..1)]);
        report.AddTable(
            ["lines", "count"],
            ["sent", $"{_rooms.Sum(room => (long)room.Sent) + _eveSent}"],
            ["lost", $"{lost}"],
            ["doubled", $"{doubled}"],
            ["reordered", $"{reordered}"]);
    }

    private static IEnumerable<string> Cells(List<IReadOnlyList<TimeSpan>[]> windows, Range rooms)
    {
        var spreads = windows.Select(window => new Spread(window[rooms].SelectMany(delays => delays))).ToList();
        var p99 = new Spread(spreads.Select(spread => spread.At(0.99)));
        var median = new Spread(spreads.Select(spread => spread.At(0.5)));
        return [Spread.Text(median.At(0.5)), Spread.Text(p99.At(0.5)), Spread.Text(p99.At(1))];
    }

    /// <summary>What was measured: for each window, the delays by room.</summary>
    private sealed class Figures
    {
        public List<IReadOnlyList<TimeSpan>[]> Calm { get; } = [];

        public List<IReadOnlyList<TimeSpan>[]> Stuck { get; } = [];

        public List<TimeSpan> CameOut { get; } = [];
    }
}
