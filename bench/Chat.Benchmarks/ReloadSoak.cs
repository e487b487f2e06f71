using System.Globalization;
using System.Runtime;
using Chat.Benchmarks.Reports;
using Chat.Benchmarks.Running;

namespace Chat.Benchmarks;

/// <summary>Reloads without end under traffic: nothing may be lost, nothing may pile up.</summary>
/// <param name="scripts">How often to save the script.</param>
/// <param name="dlls">How often to change the DLL plugin.</param>
/// <param name="every">After how many reloads to look at the memory.</param>
internal sealed class ReloadSoak(int scripts, int dlls, int every)
{
    private const int Talkers = 8, Rooms = 4;
    private const int Megabyte = 1024 * 1024;

    /// <summary>People who talk take memory too, until their server is warm: reloads answer for what comes on top of
    /// that.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2), _warmAtLatest = TimeSpan.FromSeconds(30);

    private readonly Sightings _scripts = new();
    private readonly Sightings _dlls = new();
    private readonly List<MemoryRow> _rows = [];

    /// <summary>Whether every line came once, in order, and of one version.</summary>
    public bool IsClean { get; private set; }

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new BenchReport("Reload soak");
        await using var chat = new BenchChat();

        // Each version is waited for by what people see, so a short quiet time changes how long this takes, and nothing
        // else.
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(10);
        chat.DropPlugin();
        chat.SavePlugin(0);
        chat.Save("stamp.csx", StampedLine.ScriptFor(0));
        await chat.StartAsync(cancellationToken);
        var talkers = await EnterAsync(chat, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var talking = talkers.SelectMany(room => room).Select(talker => talker.TalkAsync(enough.Token)).ToList();
        await _scripts.WhenAsync(0, talking);
        var warm = await WarmUpAsync(cancellationToken);
        _rows.Add(warm[^1]);

        var began = TimeProvider.System.GetTimestamp();
        await ReloadAsync(chat, talking);
        var took = TimeProvider.System.GetElapsedTime(began);
        await enough.CancelAsync();
        await Task.WhenAll(talking);
        foreach (var talker in talkers.SelectMany(room => room))
            await talker.ListenAsync();

        Report(report, talkers, took, warm);
        return report;
    }

    /// <summary>Looks at the memory under traffic alone until it grows no more.</summary>
    /// <returns>What has been found, oldest first.</returns>
    private static async Task<List<MemoryRow>> WarmUpAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        List<MemoryRow> rows = [Look(0)];
        do
        {
            await Task.Delay(_lookEvery, cancellationToken);
            rows.Add(Look(0));
        }
        while (rows[^1].Resident - rows[^2].Resident > Megabyte
            && TimeProvider.System.GetElapsedTime(began) < _warmAtLatest);

        return rows;
    }

    private async Task<List<Talker[]>> EnterAsync(BenchChat chat, CancellationToken cancellationToken)
    {
        List<Talker[]> rooms = [];
        for (var room = 0; room < Rooms; room++)
        {
            var talkers = new Talker[Talkers / Rooms];
            for (var each = 0; each < talkers.Length; each++)
                talkers[each] = new Talker(
                    await chat.EnterAsync($"t{room}-{each}", $"room{room}", cancellationToken),
                    5,
                    TimeSpan.FromMilliseconds(5),
                    _dlls,
                    _scripts);
            rooms.Add(talkers);
        }

        return rooms;
    }

    /// <summary>Spreads the DLL's reloads evenly among the script's.</summary>
    private async Task ReloadAsync(BenchChat chat, IReadOnlyCollection<Task> talking)
    {
        var (script, dll) = (0, 0);
        while (script + dll < scripts + dlls)
        {
            if (dll < dlls && (script >= scripts || (long)dll * scripts < (long)script * dlls))
            {
                chat.SavePlugin(++dll);
                await _dlls.WhenAsync(dll, talking);
            }
            else
            {
                chat.Save("stamp.csx", StampedLine.ScriptFor(++script));
                await _scripts.WhenAsync(script, talking);
            }

            if ((script + dll) % every == 0 || script + dll == scripts + dlls)
                _rows.Add(Look(script + dll));
        }
    }

    private static MemoryRow Look(int reloads)
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return new MemoryRow(
            reloads,
            AppDomain.CurrentDomain.GetAssemblies().Length,
            Environment.WorkingSet,
            GC.GetTotalMemory(forceFullCollection: false),
            GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes,
            JitInfo.GetCompiledILBytes());
    }

    private void Report(BenchReport report, List<Talker[]> rooms, TimeSpan took, List<MemoryRow> warm)
    {
        long lost = 0, doubled = 0, reordered = 0, mixed = 0, seen = 0, sent = 0;
        foreach (var room in rooms)
        {
            var said = room.Select(talker => (talker.Nick, talker.Sent)).ToList();
            sent += said.Sum(talker => talker.Sent);
            foreach (var ledger in room.Select(talker => talker.Ledger))
            {
                lost += ledger.Lost(said);
                doubled += ledger.Doubled;
                reordered += ledger.Reordered;
                mixed += ledger.Mixed;
                seen += ledger.Seen;
            }
        }

        IsClean = lost + doubled + reordered + mixed == 0;
        report.Add(
            $"{scripts} script saves and {dlls} DLL reloads in {took.TotalSeconds:0} s, under the traffic of {Talkers} "
                + $"people in {Rooms} rooms; each version was seen on a line before the next was saved.");
        report.AddTable(
            ["lines", "count"],
            ["sent", $"{sent}"],
            ["seen", $"{seen}"],
            ["lost", $"{lost}"],
            ["doubled", $"{doubled}"],
            ["reordered", $"{reordered}"],
            ["through two versions of one script", $"{mixed}"]);
        report.Add(
            "Memory after a collection; before the first reload people talked "
                + $"for {(warm.Count - 1) * _lookEvery.TotalSeconds:0} s, over which it grew "
                + $"from {Megabytes(warm[0].Resident)} to {Megabytes(warm[^1].Resident)} MB resident:");
        report.AddTable([["reloads", .. MemoryRow.Columns], .. _rows.Select(row => row.Cells)]);
        var (first, middle, last) = (_rows[0], _rows[_rows.Count / 2], _rows[^1]);
        report.AddTable(
            ["growth", .. MemoryRow.Columns],
            ["from first to last", .. last.Since(first)],
            [$"over the last half, from {middle.Reloads} reloads on", .. last.Since(middle)]);
    }

    private static string Megabytes(long bytes) =>
        ((double)bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture);

    private sealed record MemoryRow(
        int Reloads, int Assemblies, long Resident, long Managed, long Committed, long CompiledIl)
    {
        public static IEnumerable<string> Columns =>
            ["assemblies", "resident MB", "managed MB", "managed heap committed MB", "IL compiled MB"];

        public IEnumerable<string> Cells => [$"{Reloads}", .. Figures(this)];

        public IEnumerable<string> Since(MemoryRow before) => Figures(new MemoryRow(
            Reloads,
            Assemblies - before.Assemblies,
            Resident - before.Resident,
            Managed - before.Managed,
            Committed - before.Committed,
            CompiledIl - before.CompiledIl));

        private static IEnumerable<string> Figures(MemoryRow row) =>
        [
            $"{row.Assemblies}",
            Megabytes(row.Resident),
            Megabytes(row.Managed),
            Megabytes(row.Committed),
            Megabytes(row.CompiledIl),
        ];
    }
}
