using System.Runtime.CompilerServices;

namespace Chat.PluginHost.Doctor;

/// <summary>Loads and starts plugins in a server that nobody can reach, sends a line through them, removes them again,
/// and checks whether their code leaves memory.</summary>
internal sealed class DryRun(PluginDoctor doctor, DryRunLog log)
{
    private const string Line = "Hello, world!", Nick = "guest", Room = "lobby";

    private readonly List<Finding> _failures = [];
    private readonly List<string> _sent = [];

    /// <summary>What could not be loaded, or did not do what it should, beside what <see cref="DryRunLog"/>
    /// has.</summary>
    public IReadOnlyList<Finding> Failures => _failures;

    /// <summary>Runs.</summary>
    /// <param name="units">The plugins.</param>
    /// <param name="isExplained">Whether it is known already why a plugin cannot be loaded.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<DryRunReport> RunAsync(
        IReadOnlyList<PluginSource> units, Func<PluginSource, bool> isExplained, CancellationToken cancellationToken)
    {
        var copies = Directory.CreateTempSubdirectory("chat-check-");
        try
        {
            var server = new ChatServer(new ChatServerOptions { LoggerFactory = log, Clock = doctor.Clock });
            await using (server.ConfigureAwait(false))
            {
                await server.PrepareAsync(cancellationToken).ConfigureAwait(false);
                using var shadow = new ShadowFolder(copies.FullName);
                var logger = log.CreateLogger("Chat.PluginHost");
                var settings = Options(copies.FullName).ForReload();
                using var swapper = new PluginSwapper(server, new McMasterLoader(shadow, logger), settings, logger);
                return await RunAsync(server, swapper, units, isExplained, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ShadowFolder.TryDelete(copies.FullName);
        }
    }

    private PluginHostOptions Options(string copies) => new()
    {
        Folder = copies,
        ShadowFolder = copies,
        StartTimeout = doctor.StartTimeout,
        DrainTimeout = doctor.UnloadTimeout,
        Clock = doctor.Clock,
        LoggerFactory = log,
    };

    private async Task<DryRunReport> RunAsync(
        ChatServer server,
        PluginSwapper swapper,
        IReadOnlyList<PluginSource> units,
        Func<PluginSource, bool> isExplained,
        CancellationToken cancellationToken)
    {
        List<PluginRecord> slots = [];
        foreach (var unit in units)
        {
            var slot = new PluginRecord();
            if (await LoadAsync(swapper, slot, unit, cancellationToken).ConfigureAwait(false) is not { } failure)
                slots.Add(slot);
            else if (!isExplained(unit))
                _failures.Add(failure);
        }

        var started = slots
            .Select(slot => (Plugin: Describe(server, slot.Live!), Code: slot.Live!.WatchCode()))
            .ToList();
        var told = started.Count > 0 ? await SayAsync(server, cancellationToken).ConfigureAwait(false) : [];
        Remove(swapper, slots);
        await swapper.WhenRetiredAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await WaitUntilGoneAsync([.. started.Select(each => each.Code)], cancellationToken).ConfigureAwait(false);

        var plugins = started
            .Select(each => each.Plugin with { IsUnloaded = !each.Code.IsAlive })
            .OrderBy(plugin => plugin.Id, StringComparer.OrdinalIgnoreCase)
            .ToList();
        _failures.AddRange(plugins.Where(plugin => !plugin.IsUnloaded).Select(plugin => new Finding(
            FindingSeverity.Warning,
            plugin.Source,
            "it stays in memory after it has been removed: something still refers to its code "
            + $"{doctor.UnloadTimeout.TotalSeconds:0.###} s later.",
            "See docs/explanation/unloading.md.")));
        return new DryRunReport(plugins, Line, [.. _sent], told);
    }

    /// <returns>Why it could not be loaded, as text alone: the exception may be of a type of the plugin's
    /// own.</returns>
    private static async Task<Finding?> LoadAsync(
        PluginSwapper swapper, PluginRecord slot, PluginSource unit, CancellationToken cancellationToken)
    {
        try
        {
            await swapper.ReplaceAsync(slot, unit, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (PluginLoadException exception)
        {
            return exception.InnerException switch
            {
                TimeoutException => Finding.Refusal(exception.Message, "") with
                {
                    Fix = "Let it register and return. Use a timer or Run for work that takes longer.",
                },
                { } cause when exception.HasFailedInStart => Finding.Fatal(
                    unit.Source,
                    $"it failed while it was starting: {ExceptionText.Describe(cause)}",
                    "Correct the error at the location shown; if it is about settings, see the settings file."),
                NameTakenException { IsTakenByServer: var isServers } taken => Finding.Fatal(
                    unit.Source,
                    taken.Message,
                    isServers
                        ? "The server itself uses that name. Choose another one."
                        : "Two plugins use the same name. Rename it in one of them, or leave one of them out."),
                _ => Finding.Refusal(exception.Message, "Correct that, and check again."),
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Fatal(
                unit.Source,
                $"it cannot be loaded: {ExceptionText.Describe(exception)}",
                "Correct that, and check again.");
        }
    }

    private static DryRunPlugin Describe(ChatServer server, LoadedPlugin live)
    {
        var id = live.Unit.Id;
        return new DryRunPlugin(
            id,
            live.Unit.Source,
            [.. server.Hooks.Where(hook => hook.Id == id || hook.Id.StartsWith($"{id}/", StringComparison.Ordinal))],
            [.. live.Registration.Commands.Select(command => $"/{command.Name} {command.Usage}".TrimEnd())],
            live.Registration.ObserverCount,
            live.Registration.TimerCount,
            IsUnloaded: false);
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
                FindingSeverity.Error,
                "dry run",
                $"the line \"{Line}\" did not come out of the hooks within {doctor.StartTimeout.TotalSeconds:0.###} s.",
                "Look for an endless loop, a lock or a wait in the hooks listed."));
            return [];
        }
        finally
        {
            _ = server.SwapAsync(last, null);
        }
    }

    private ValueTask<Verdict> Take(MessageContext message)
    {
        lock (_sent)
            _sent.Add(message.Text);
        return Verdict.Allow;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Remove(PluginSwapper swapper, List<PluginRecord> slots)
    {
        foreach (var slot in slots)
        {
            swapper.Remove(slot.Live!);
            slot.Live = null;
        }
    }

    private async Task WaitUntilGoneAsync(IReadOnlyList<WeakReference> code, CancellationToken cancellationToken)
    {
        // This is a tool: unlike a server it may ask for a collection.
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
