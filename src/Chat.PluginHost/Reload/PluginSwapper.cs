namespace Chat.PluginHost.Reload;

/// <summary>Replaces one version of a plugin by another: builds and starts the new one, swaps it in with a single
/// write, and retires the old one. One plugin at a time.</summary>
internal sealed class PluginSwapper(
    ChatServer server, IPluginLoader loader, ReloadSettings settings, ILogger logger) : IDisposable
{
    private readonly ScriptCompiler _compiler = new(settings.CacheFolder is { } cache
        ? new ScriptCache(cache, ScriptCache.MaxEntries, settings.Timeouts.Clock, logger)
        : null);

    private readonly RetiredVersions _retired = new(new FrameworkCaches(logger), settings.Timeouts.Clock, logger);
    private readonly StoreFolder _stores = new(settings.StoreFolder, settings.Timeouts.Clock, logger);
    private readonly ProcessCounts _counts = new();
    private readonly List<Task> _retiring = [];

    /// <summary>The versions that have been removed but are still in memory, oldest first.</summary>
    public IReadOnlyList<PluginVersion> Retired => _retired.All;

    /// <summary>Builds a version of a plugin and replaces the live one by it.</summary>
    /// <exception cref="PluginLoadException">It cannot be built, started or swapped in; the live version
    /// stays.</exception>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public async Task ReplaceAsync(PluginRecord record, PluginSource source, CancellationToken cancellationToken)
    {
        var values = PluginSettings.Read(source.SettingsFile, $"{source.Id}.json");
        var number = record.Versions + 1;
        var version = new PluginVersion(source.Id, source.Source, number, settings.Timeouts.Clock, _counts);

        // Compiling takes a while, so it does not block the caller.
        var loading = Task.Run(() => Load(record, source, cancellationToken), cancellationToken);
        var code = await loading.ConfigureAwait(false);
        var registration = new Registration(source.Id, source.Source, source.Order)
        {
            Version = version.Number,
            JournalNumber = settings.CrashJournal?.Register(PluginRecord.FingerprintOf(source)) ?? 0,
            Concurrent = source.Kind == PluginKind.Dll,
            Stopper = code.ScriptCancellation,
        };
        var pluginLogger = settings.LoggerFactory.CreateLogger($"Plugin.{source.Id}");
        var journal = new PluginJournal(settings.CrashJournal, registration.JournalNumber);
        var context = new PluginContext(
            source.Id, registration, values, _stores.Open(source.Id), server, pluginLogger, settings.Timeouts.Clock,
            journal);
        var next = new LoadedPlugin(source, version, code, context, registration, logger, settings.Timeouts);
        Task drained;
        try
        {
            await next.StartAsync(cancellationToken).ConfigureAwait(false);
            drained = await SwapAsync(record.Live, next, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Retire(next, Task.CompletedTask);
            record.WaitsForOthers = exception is InvalidOperationException;
            if (record.WaitsForOthers)
                throw new PluginLoadException(source.Source, exception.Message, cause: exception);
            throw;
        }

        next.GoLive();
        if (record.Live is { } old)
            Retire(old, drained);
        record.Live = next;
        record.Versions = version.Number;
    }

    public void Remove(LoadedPlugin live) => Retire(live, server.SwapAsync(live.Registration, null));

    /// <summary>Completes when every removed version has been stopped and released.</summary>
    public Task WhenRetiredAsync()
    {
        lock (_retiring)
            return Task.WhenAll(_retiring.ToList());
    }

    public void Dispose() => _retired.Dispose();

    /// <summary>Hands over the state of the old version and swaps in the new one. Callbacks that must not overlap wait
    /// meanwhile, so nothing happens between saving and swapping.</summary>
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

    private LoadedCode Load(PluginRecord record, PluginSource source, CancellationToken cancellationToken)
    {
        if (PluginSource.IsEmpty(source.MainFile))
        {
            throw new PluginLoadException(
                source.Source, "the file is empty.", "If it is being saved, it is tried again when that has ended.");
        }

        if (source.Kind == PluginKind.Dll)
            return loader.Load(source);
        var compiled = _compiler.Compile(source.MainFile, $"{source.Id}.csx", source.Shorten, cancellationToken);
        record.AlsoDependsOn(source, compiled.Files.Where(file => file != source.MainFile));
        if (compiled.Errors.Count > 0)
            throw new PluginLoadException(compiled.Errors);
        if (compiled.Obstacle.Length > 0)
            PluginLog.NotInstrumented(logger, source.Source, compiled.Obstacle);
        return loader.Load(source, compiled);
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

    /// <summary>Gets only the record: code that waits for memory to be freed must not hold the plugin.</summary>
    private async Task LookAfterAsync(PluginVersion version, Task retiring)
    {
        await retiring.ConfigureAwait(false);
        await _retired.WatchAsync(version).ConfigureAwait(false);
    }
}
