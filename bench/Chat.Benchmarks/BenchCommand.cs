using System.CommandLine;
using Chat.Benchmarks.Micro;

namespace Chat.Benchmarks;

/// <summary>The command line. bench/README.md explains each command.</summary>
internal static class BenchCommand
{
    public static RootCommand Create()
    {
        var results = new Option<FileInfo?>("--results")
        {
            Description = "Also write the report to this file, as markdown.",
            Recursive = true,
            HelpName = "FILE",
        };
        return new RootCommand("Measures the chat.")
        {
            results,
            MicroCommand(results),
            SaveToLiveCommand(results),
            ReloadSoakCommand(results),
            StuckRoomCommand(results),
            StartCommand(),
        };
    }

    private static Command MicroCommand(Option<FileInfo?> results)
    {
        var command = new Command(
            "micro",
            "Micro-benchmarks, by BenchmarkDotNet: further arguments, as --filter '*Kept*' --job Short, go "
                + "to it.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((result, _) => MicroRun.RunAsync([.. result.UnmatchedTokens], result.GetValue(results)));
        return command;
    }

    private static Command SaveToLiveCommand(Option<FileInfo?> results)
    {
        var saves =
            new Option<int>("--saves") { Description = "How often to save the script.", DefaultValueFactory = _ => 50 };
        var quiet = new Option<int?>("--quiet-ms")
        {
            Description = "How long the folder must be quiet before a change is acted on. Default: the host's own.",
        };
        var command = new Command(
            "save-to-live",
            "How long it takes from saving a script to the first line through it, under traffic.") { saves, quiet };
        command.SetAction(async (result, cancellationToken) =>
        {
            var report = await new SaveToLive(result.GetValue(saves), Milliseconds(result.GetValue(quiet))).RunAsync(
                cancellationToken);
            await report.PublishAsync(result.GetValue(results));
        });
        return command;
    }

    private static Command ReloadSoakCommand(Option<FileInfo?> results)
    {
        var scripts = new Option<int>("--scripts")
        {
            Description = "How often to save the script.",
            DefaultValueFactory = _ => 1000,
        };
        var dlls = new Option<int>("--dlls")
        {
            Description = "How often to change the DLL plugin.",
            DefaultValueFactory = _ => 200,
        };
        var every = new Option<int>("--every")
        {
            Description = "After how many reloads to look at the memory.",
            DefaultValueFactory = _ => 50,
        };
        var command = new Command(
            "reload-soak",
            "Reloads a script and a DLL again and again under traffic, and counts lines and memory. Exit code 1 when a "
                + "line is lost, doubled, reordered or mixed.") { scripts, dlls, every };
        command.SetAction(async (result, cancellationToken) =>
        {
            var soak = new ReloadSoak(result.GetValue(scripts), result.GetValue(dlls), result.GetValue(every));
            var report = await soak.RunAsync(cancellationToken);
            await report.PublishAsync(result.GetValue(results));
            return soak.IsClean ? 0 : 1;
        });
        return command;
    }

    private static Command StuckRoomCommand(Option<FileInfo?> results)
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often a hook gets stuck, in each of two ways.",
            DefaultValueFactory = _ => 10,
        };
        var window = new Option<int>("--window-ms")
        {
            Description = "How long to measure each time.",
            DefaultValueFactory = _ => 2000,
        };
        var command = new Command(
            "stuck-room",
            "Has a hook stuck in one of eight busy rooms, and measures how that room and the seven others go on. Exit "
                + "code 1 when a line is lost, doubled or reordered.") { rounds, window };
        command.SetAction(async (result, cancellationToken) =>
        {
            var stuck = new StuckRoom(result.GetValue(rounds), TimeSpan.FromMilliseconds(result.GetValue(window)));
            var report = await stuck.RunAsync(cancellationToken);
            await report.PublishAsync(result.GetValue(results));
            return stuck.IsClean ? 0 : 1;
        });
        return command;
    }

    /// <summary>What <c>save-to-live</c> runs in a process of its own.</summary>
    private static Command StartCommand()
    {
        var folder = new Argument<string>("FOLDER");
        var command = new Command(
            "start",
            "Starts a host over a folder with a script, and prints how many milliseconds that took.") { folder };
        command.Hidden = true;
        command.SetAction(
            (result, cancellationToken) => StartRun.RunAsync(result.GetValue(folder)!, cancellationToken));
        return command;
    }

    private static TimeSpan? Milliseconds(int? value) =>
        value is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
}
