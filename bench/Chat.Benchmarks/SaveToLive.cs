using Chat.Benchmarks.Reports;
using Chat.Benchmarks.Running;

namespace Chat.Benchmarks;

/// <summary>From saving a script to the first line through it, while people talk.</summary>
/// <param name="saves">How often to save.</param>
/// <param name="quiet">How long the folder must be quiet; <see langword="null"/> for the host's own.</param>
internal sealed class SaveToLive(int saves, TimeSpan? quiet)
{
    private const int Talkers = 4;

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var report = new BenchReport("Save to live");
        var starts = await StartsAsync(cancellationToken);
        await using var chat = new BenchChat();
        chat.Options.QuietTime = quiet ?? chat.Options.QuietTime;
        var times = await TimesAsync(chat, cancellationToken);

        var debounce = chat.Options.QuietTime;
        report.Add(
            $"{saves} saves (write to the side, rename) of a script with two hooks, while {Talkers} people talk in its "
                + "room; each save waited for the one before it.");
        report.AddTable(
            ["ms", "min", "median", "p90", "max"],
            ["write to first line through it", .. new Spread(times).Cells],
            [
                $"without the quiet time of {debounce.TotalMilliseconds:0} ms",
                .. new Spread(times.Select(time => time - debounce)).Cells,
            ]);
        report.Add(
            "Start of a host with that script in a new process, to the end of `PluginDirectory.StartAsync`; a host "
                + "without plugins had been started before it:");
        report.AddTable(
            ["start", "ms"],
            ["first: nothing compiled yet", $"{starts.First.TotalMilliseconds:0.0}"],
            [
                "second, over the same folders: from the cache, if there is one",
                $"{starts.Second.TotalMilliseconds:0.0}",
            ]);
        return report;
    }

    private static async Task<(TimeSpan First, TimeSpan Second)> StartsAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("chat-bench-");
        try
        {
            return (
                await StartRun.InOwnProcessAsync(folder.FullName, cancellationToken),
                await StartRun.InOwnProcessAsync(folder.FullName, cancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<List<TimeSpan>> TimesAsync(BenchChat chat, CancellationToken cancellationToken)
    {
        chat.Save("stamp.csx", StampedLine.ScriptFor(0));
        await chat.StartAsync(cancellationToken);
        var scripts = new Sightings();
        List<Talker> talkers = [];
        for (var each = 0; each < Talkers; each++)
        {
            var client = await chat.EnterAsync($"t{each}", "bench", cancellationToken);

            // The first one looks often, to see a new version soon; the others are the traffic.
            talkers.Add(new Talker(
                client, each == 0 ? 1 : 5, TimeSpan.FromMilliseconds(each == 0 ? 1 : 10), new Sightings(), scripts));
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var talking = talkers.Select(talker => talker.TalkAsync(enough.Token)).ToList();
        await scripts.WhenAsync(0, talking);
        List<TimeSpan> times = [];
        for (var version = 1; version <= saves; version++)
        {
            var saved = chat.Save("stamp.csx", StampedLine.ScriptFor(version));
            times.Add(TimeProvider.System.GetElapsedTime(saved, await scripts.WhenAsync(version, talking)));
        }

        await enough.CancelAsync();
        await Task.WhenAll(talking);
        return times;
    }
}
