using Chat.Engine;
using Chat.Engine.Registrations;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Context;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Settings;
using Chat.PluginHost.Storage;
using Chat.PluginHost.Versions;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Reload;

/// <summary>
/// Puts one version of a plugin in the place of another: builds and starts the new one, swaps it in with one write, and retires the
/// old one. One plugin at a time.
/// </summary>
internal sealed class PluginSwapper(ChatServer server, IPluginLoader loader, PluginHostOptions options, ILogger logger) : IDisposable
{
    private readonly ScriptCompiler _compiler = new(
        options.CacheFolder is { } cache ? new ScriptCache(cache, ScriptCache.MostEntries, options.Clock, logger) : null);

    private readonly RetiredVersions _retired = new(new FrameworkCaches(logger), options.Clock, logger);
    private readonly StoreFolder _stores = new(options.StoreFolder, options.Clock, logger);
    private readonly List<Task> _retiring = [];

    /// <summary>The versions that have been taken out and are not gone from memory yet, oldest first.</summary>
    public IReadOnlyList<PluginVersion> Retired => _retired.All;

    /// <summary>Makes a version of the unit and puts it in the place of the one that is live.</summary>
    /// <exception cref="PluginLoadException">It cannot be made, started or put in; what was live still is.</exception>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public async Task ReplaceAsync(PluginRecord slot, PluginSource unit, CancellationToken cancellationToken)
    {
        var settings = PluginSettings.Read(unit.SettingsFile, $"{unit.Id}.json");
        var version = new PluginVersion(unit.Id, unit.Source, slot.Versions + 1, options.Clock, static () => GC.CollectionCount(GC.MaxGeneration));

        // Compiling takes a while, and whoever asked for it may have better to do.
        var code = await Task.Run(() => Load(slot, unit, cancellationToken), cancellationToken).ConfigureAwait(false);
        var registration = new Registration(unit.Id, unit.Source, unit.Order)
        {
            Version = version.Number,
            JournalNumber = options.CrashJournal?.Register(unit.ToFingerprint()) ?? 0,
            Concurrent = unit.Kind == PluginKind.Dll,
            Stopper = code.ScriptCancellation,
        };
        var pluginLogger = options.LoggerFactory.CreateLogger($"Plugin.{unit.Id}");
        var context = new PluginContext(unit.Id, registration, settings, _stores.Open(unit.Id), server, pluginLogger, options.Clock, new PluginJournal(options.CrashJournal, registration.JournalNumber));
        var next = new LoadedPlugin(unit, version, code, context, registration, logger, options);
        Task drained;
        try
        {
            await next.StartAsync(cancellationToken).ConfigureAwait(false);
            drained = await SwapAsync(slot.Live, next, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException exception)
        {
            Retire(next, Task.CompletedTask);
            slot.WaitsForOthers = true;
            throw new PluginLoadException($"{unit.Source}: {exception.Message}", exception);
        }
        catch
        {
            Retire(next, Task.CompletedTask);
            throw;
        }

        next.GoLive();
        if (slot.Live is { } old)
            Retire(old, drained);
        slot.Live = next;
        slot.Versions = version.Number;
    }

    /// <summary>Takes a plugin out.</summary>
    public void Remove(LoadedPlugin live) => Retire(live, server.SwapAsync(live.Registration, null));

    /// <summary>Completes when every version that has been taken out has been stopped and let go.</summary>
    public Task WhenRetiredAsync()
    {
        lock (_retiring)
            return Task.WhenAll(_retiring.ToList());
    }

    public void Dispose() => _retired.Dispose();

    /// <summary>Hands over what the old version has saved and puts the new one in. What does not overlap waits meanwhile, so nothing happens between saving and swapping.</summary>
    private async Task<Task> SwapAsync(LoadedPlugin? old, LoadedPlugin next, CancellationToken cancellationToken)
    {
        if (old is not { Context.Saves: true })
            return server.SwapAsync(old?.Registration, next.Registration);
        await old.Registration.PauseAsync().ConfigureAwait(false);
        try
        {
            if (await old.SaveAsync(next.Version.Number, cancellationToken).ConfigureAwait(false) is { } state)
                await next.RestoreAsync(state, cancellationToken).ConfigureAwait(false);
            return server.SwapAsync(old.Registration, next.Registration);
        }
        finally
        {
            old.Registration.Resume();
        }
    }

    private ILoadedCode Load(PluginRecord slot, PluginSource unit, CancellationToken cancellationToken)
    {
        if (PluginSource.IsEmpty(unit.MainFile))
            throw new PluginLoadException($"{unit.Source}: the file is empty. If it is being saved, it is tried again when that has ended.");
        if (unit.Kind == PluginKind.Dll)
            return loader.Load(unit);
        var compiled = _compiler.Compile(unit.MainFile, $"{unit.Id}.csx", unit.Shorten, cancellationToken);
        slot.AlsoDependsOn(unit, compiled.Files.Where(file => file != unit.MainFile));
        if (compiled.Errors.Count > 0)
            throw new PluginLoadException(string.Join('\n', compiled.Errors));
        if (compiled.Depth == InstrumentationLevel.None)
            PluginLog.NotWoven(logger, unit.Source, compiled.Obstacle);
        return loader.Load(unit, compiled);
    }

    private void Retire(LoadedPlugin plugin, Task drained)
    {
        _retired.Add(plugin.Version);
        var retiring = plugin.RetireAsync(drained);
        lock (_retiring)
        {
            _retiring.RemoveAll(task => task.IsCompleted);
            _retiring.Add(retiring);
        }

        _ = LookAfterAsync(plugin.Version, retiring);
    }

    /// <summary>Has no more of the plugin than its record: what waits for memory to be free must not hold it.</summary>
    private async Task LookAfterAsync(PluginVersion version, Task retiring)
    {
        await retiring.ConfigureAwait(false);
        await _retired.WatchAsync(version).ConfigureAwait(false);
    }
}
