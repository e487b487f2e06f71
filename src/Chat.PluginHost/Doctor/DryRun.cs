using System.Runtime.CompilerServices;

namespace Chat.PluginHost.Doctor;

/// <summary>Loads and starts plugins in a server that nobody can reach, sends a line through them, removes them again,
/// and checks whether their code leaves memory.</summary>
internal sealed class DryRun(PluginDoctor doctor, DryRunLog log)
{
    private const string Line = "Hello, world!", Nick = "guest", Room = "lobby";

    private readonly List<Finding> _failures = [];
    private readonly List<string> _sent = [];

    /// <summary>What could not be loaded, or did not do what it should, beside what was logged.</summary>
    public IReadOnlyList<Finding> Failures => _failures;

    public async Task<DryRunReport> RunAsync(
        IReadOnlyList<PluginSource> plugins, Func<PluginSource, bool> isExplained, CancellationToken cancellationToken)
    {
        var copies = Directory.CreateTempSubdirectory("chat-check-");
        try
        {
            var server = new ChatServer(new ChatServerOptions { LoggerFactory = log, Clock = doctor.Clock });
            await using var ending = server.ConfigureAwait(false);
            await server.PrepareAsync(cancellationToken).ConfigureAwait(false);
            using var shadow = new ShadowFolder(copies.FullName);
            var logger = log.CreateLogger("Chat.PluginHost");
            var (start, unload) = (doctor.StartTimeout, doctor.UnloadTimeout);
            var settings = new ReloadSettings(new PluginTimeouts(start, start, unload, doctor.Clock), log);
            using var swapper = new PluginSwapper(server, new McMasterLoader(shadow, logger), settings, logger);
            return await RunAsync(server, swapper, plugins, isExplained, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ShadowFolder.TryDelete(copies.FullName);
        }
    }

    private async Task<DryRunReport> RunAsync(
        ChatServer server, PluginSwapper swapper, IReadOnlyList<PluginSource> sources,
        Func<PluginSource, bool> isExplained, CancellationToken cancellationToken)
    {
        List<PluginRecord> records = [];
        foreach (var source in sources)
        {
            var record = new PluginRecord();
            if (await LoadAsync(swapper, record, source, cancellationToken).ConfigureAwait(false) is not { } failure)
                records.Add(record);
            else if (!isExplained(source))
                _failures.Add(failure);
        }

        var started = records
            .Select(record => (Plugin: Describe(server, record.Live!), Code: record.Live!.WatchCode()))
            .ToList();
        var told = started.Count > 0 ? await SayAsync(server, cancellationToken).ConfigureAwait(false) : [];
        Remove(swapper, records);
        await swapper.WhenRetiredAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await WaitUntilGoneAsync([.. started.Select(each => each.Code)], cancellationToken).ConfigureAwait(false);

        var plugins = started
            .Select(each => each.Plugin with { IsUnloaded = !each.Code.IsAlive })
            .OrderBy(plugin => plugin.Id, StringComparer.OrdinalIgnoreCase)
            .ToList();
        _failures.AddRange(plugins.Where(plugin => !plugin.IsUnloaded).Select(plugin => new Finding(
            FindingSeverity.Warning, plugin.Source,
            "it stays in memory after it has been removed: something still refers to its code "
            + $"{doctor.UnloadTimeout.TotalSeconds:0.###} s later.",
            "See docs/explanation/unloading.md.")));
        return new DryRunReport(plugins, Line, [.. _sent], told);
    }

    /// <returns>Why it could not be loaded, as text alone: the exception may be of a type of the plugin's
    /// own.</returns>
    private static async Task<Finding?> LoadAsync(
        PluginSwapper swapper, PluginRecord record, PluginSource source, CancellationToken cancellationToken)
    {
        try
        {
            await swapper.ReplaceAsync(record, source, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (PluginLoadException exception)
        {
            return Finding.Fatal(exception.Problem, exception.InnerException switch
            {
                TimeoutException => "Let it register and return. Use a timer or Run for work that takes longer.",
                NameTakenException { IsTakenByServer: true } => "The server itself uses that name. Choose another one.",
                NameTakenException =>
                    "Two plugins use the same name. Rename it in one of them, or leave one of them out.",
                _ => exception.Problem.Fix
                    ?? "Correct the error at the location shown; if it is about settings, see the settings file.",
            });
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Fatal(
                new LoadProblem(source.Source, $"it cannot be loaded: {ExceptionText.Describe(exception)}"),
                "Correct that, and check again.");
        }
    }

    private static DryRunPlugin Describe(ChatServer server, LoadedPlugin live)
    {
        var id = live.Source.Id;
        return new DryRunPlugin(
            id, live.Source.Source,
            [.. server.Hooks.Where(hook => hook.Id == id || hook.Id.StartsWith($"{id}/", StringComparison.Ordinal))],
            [.. live.Registration.Commands.Select(command => $"/{command.Name} {command.Usage}".TrimEnd())],
            live.Registration.ObserverCount, live.Registration.TimerCount, IsUnloaded: false);
    }

    private async Task<IReadOnlyList<string>> SayAsync(ChatServer server, CancellationToken cancellationToken)
    {
        // The very last guard sees what the room would get.
        var last = new Registration("(doctor)", "the doctor");
        last.Add(
            new DelegateGuard(Take),
            new HookOptions { Band = HookBand.Last, Order = int.MaxValue, Origins = MessageOrigins.Any });
        _ = server.SwapAsync(null, last);
        try
        {
            return await Task
                .Run(() => server.SayAsPersonAsync(Room, Nick, Line, cancellationToken).AsTask(), cancellationToken)
                .WaitAsync(doctor.StartTimeout, doctor.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _failures.Add(new Finding(
                FindingSeverity.Error, "dry run",
                $"the line \"{Line}\" did not come out of the hooks within {doctor.StartTimeout.TotalSeconds:0.###} s.",
                "Look for an endless loop, a lock or a wait in the hooks listed."));
            return [];
        }
        finally
        {
            _ = server.SwapAsync(last, null);
        }

        ValueTask<Verdict> Take(MessageContext message)
        {
            lock (_sent)
                _sent.Add(message.Text);
            return Verdict.Allow;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Remove(PluginSwapper swapper, List<PluginRecord> records)
    {
        foreach (var record in records)
        {
            swapper.Remove(record.Live!);
            record.Live = null;
        }
    }

    /// <summary>This is a tool: unlike a server it may ask for a collection.</summary>
    private async Task WaitUntilGoneAsync(IReadOnlyList<WeakReference> code, CancellationToken cancellationToken)
    {
        var began = doctor.Clock.GetTimestamp();
        for (var round = 0; ; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var isTooLate = round >= 10 && doctor.Clock.GetElapsedTime(began) > doctor.UnloadTimeout;
            if (isTooLate || !code.Any(each => each.IsAlive))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), doctor.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
