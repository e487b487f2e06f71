using System.Diagnostics;

namespace Chat.PluginHost;

/// <summary>Keeps a server's plugins in step with its folders: loads new ones, replaces changed ones, removes deleted
/// ones. A new version is compiled, loaded and started first; then it replaces the old one in a single write; then the
/// old one is drained, stopped and unloaded. If anything fails before the swap, the old version stays.</summary>
/// <remarks>Plugins and scripts are trusted code: they can do whatever the process can. Anyone who can write to the
/// folder decides what runs.</remarks>
public sealed class PluginDirectory : IAsyncDisposable
{
    private const string Owner = "plugins";

    private static readonly HashSet<string> _nothing = [];

    private readonly ChatServer _server;
    private readonly PluginHostOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _scanning = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PluginRecords _records = new();
    private readonly PluginFolders _folders;
    private readonly Quarantine _quarantine;
    private readonly RequiredPlugins _required;
    private readonly string? _pause;
    private readonly Registration _commands = new(Owner, "built in");
    private ShadowFolder? _shadow;
    private PluginSwapper? _swapper;
    private PluginReloader? _reloader;
    private Task _watching = Task.CompletedTask;
    private string _seen = "";

    /// <summary>Creates a directory that has not scanned its folders yet. Reviews what the crash journal says of the
    /// previous run.</summary>
    /// <param name="server">The server to put plugins into.</param>
    /// <param name="options">Where they come from. Not to be changed afterwards.</param>
    /// <exception cref="ArgumentException">An option has an invalid value.</exception>
    /// <exception cref="IOException">The quarantine file or the list of guards cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The quarantine file or the list of guards cannot be
    /// read.</exception>
    public PluginDirectory(ChatServer server, PluginHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _server = server;
        _options = options;
        _logger = options.LoggerFactory.CreateLogger("Chat.PluginHost");
        _quarantine = new Quarantine(options.QuarantineFile, _logger);
        _pause = CrashReview.Conclude(options.CrashJournal, _quarantine, options.Clock.GetUtcNow(), _logger);
        _folders = new PluginFolders(
            options.Folder, options.BundledFolder, options.AllowOutsideLinks, server.ReportProblem, _logger);
        var guards = options.GuardsAreRequired ? new GuardList(options.GuardsFile, _logger) : null;
        _required = new RequiredPlugins(server, options.Required, guards, _logger);
        _commands.Add(new ChatCommand(
            "plugins", "", "lists the plugins, and old versions that are still in memory",
            (_, _) => CommandResult.Reply(Describe())));
    }

    /// <summary>The plugins that are live, by id.</summary>
    public IReadOnlyList<PluginInfo> Plugins =>
    [
        .. _records.Live.Select(live => live.Version.Describe())
            .OrderBy(info => info.Id, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>The versions that have been removed but are still in memory, oldest first, with what holds
    /// them.</summary>
    public IReadOnlyList<PluginInfo> Retired => [.. (_swapper?.Retired ?? []).Select(version => version.Describe())];

    /// <summary>Loads everything there is, then watches the folders. Until that is done, and as long as a required
    /// plugin is not loaded, nobody can speak.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">A folder cannot be created or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be created or written to.</exception>
    /// <exception cref="InvalidOperationException">The server already has a command <c>/plugins</c>.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(_options.Folder);
        _shadow = new ShadowFolder(_options.ShadowFolder);
        _swapper = new PluginSwapper(_server, new McMasterLoader(_shadow, _logger), _options.ForReload(), _logger);
        _reloader = new PluginReloader(_server, _records, _swapper, _quarantine, _options.Timeouts, _logger, RescanSoon)
        {
            Pause = _pause,
        };
        _required.Begin();
        await _server.SwapAsync(null, _commands).ConfigureAwait(false);
        _folders.CheckModes();
        var folders = _folders.All.Where(Directory.Exists);
        var watcher = new PluginWatcher(folders, _options.QuietTime, _options.PollInterval, _options.Clock);
        foreach (var (folder, problem) in watcher.Unwatched)
            PluginLog.NotWatched(_logger, folder, problem, _options.PollInterval);
        await RescanAsync(cancellationToken).ConfigureAwait(false);
        (_reloader.Pause, _reloader.LoadedLevel) = (null, LogLevel.Information);
        var loop = new ScanLoop(watcher, () => _reloader.IsUnsettled, SettleAsync, ScanAsync, _options, _logger);
        _watching = Task.Run(() => loop.RunAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Scans the folders now and acts on what has changed, judged by content. Lines keep flowing meanwhile.
    /// Safe from any thread.</summary>
    /// <param name="cancellationToken">Cancels the scan between two plugins.</param>
    /// <exception cref="InvalidOperationException">The directory has not been started.</exception>
    public Task RescanAsync(CancellationToken cancellationToken = default) =>
        ScanAsync(touched: null, cancellationToken);

    /// <summary>Handles an exception that nobody has caught, for a process-wide handler: one from a thread, a timer or
    /// an <c>async void</c> of a plugin is logged and need not end the process. Never throws.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Whether it comes from plugin code, so that the process may continue.</returns>
    public bool Contain(Exception exception)
    {
        if (ExitCalls.Innermost(new StackTrace(exception)) is not { } plugin)
            return false;

        // The live version is not blamed for what an old one has left running.
        var owner = _records.Live.FirstOrDefault(live => live.Has(plugin));
        var source = owner?.Source.Source ?? PluginContexts.SourceOf(plugin);
        PluginLog.Unhandled(_logger, source, ExceptionText.Describe(exception));
        if (owner is not null)
            _server.ReportFault(owner.Source.Id, exception);
        return true;
    }

    /// <summary>The plugins that end the process, for the handler of a process that ends without having been asked
    /// to.</summary>
    /// <param name="stack">The stack of the thread that ends it.</param>
    /// <returns>File names: the one whose code is on the stack; if there is none, all that contain a call to
    /// <see cref="Environment.Exit"/>.</returns>
    public static IReadOnlyList<string> WhoEnds(StackTrace stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return ExitCalls.SuspectSources(stack);
    }

    /// <summary>Records the plugin that ends the process, from the handler of a process that ends without having been
    /// asked to: the one whose code is on the stack of this thread; if there is none, all that contain a call to
    /// <see cref="Environment.Exit"/>.</summary>
    /// <param name="stack">The stack.</param>
    public void NoteExit(StackTrace stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var suspects = ExitCalls.Suspects(stack);
        foreach (var live in _records.Live.Where(live => suspects.Any(live.Has)))
        {
            PluginLog.EndsProcess(_logger, live.Source.Id);
            _options.CrashJournal?.Accuse(live.Registration.JournalNumber);
        }
    }

    /// <summary>Removes all plugins and stops watching. Each step waits at most the drain timeout for a
    /// plugin.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        await _scanning.WaitAsync().ConfigureAwait(false);
        foreach (var id in _records.Ids)
            Remove(id);
        _required.Open();
        await WhenRetiredAsync().ConfigureAwait(false);
        _swapper?.Dispose();
        try
        {
            var drained = _server.SwapAsync(_commands, null);
            await drained.WaitAsync(_options.DrainTimeout, _options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A line is stuck in some plugin, which nobody waits for.
        }

        _shadow?.Dispose();
        _scanning.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Completes when every removed version has been stopped and released.</summary>
    internal Task WhenRetiredAsync() => _swapper?.WhenRetiredAsync() ?? Task.CompletedTask;

    /// <summary>What <c>/plugins</c> shows: several lines separated by <c>\n</c>.</summary>
    private string Describe() =>
        new PluginReport(Plugins, Retired, _records.NotLoaded, _options.Clock.GetUtcNow()).ToString();

    private void RescanSoon() => _ = Task.Run(() => RescanAsync(_stopping.Token), CancellationToken.None);

    private async Task ScanAsync(IReadOnlySet<string>? touched, CancellationToken cancellationToken)
    {
        var reloader = _reloader ?? throw new InvalidOperationException("The directory has not been started.");
        await _scanning.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var sources = _folders.Scan();
            reloader.IsUnsettled = false;
            var present = sources.Select(source => source.Id).ToList();
            var gone = _records.Ids.Except(present, StringComparer.OrdinalIgnoreCase).ToList();
            foreach (var id in gone)
                Remove(id);
            var hasChanged = gone.Count > 0;
            foreach (var source in sources)
                hasChanged |= await reloader.RunAsync(source, touched, cancellationToken).ConfigureAwait(false);

            // What a plugin was refused for, such as a command that another one had, may be free now.
            foreach (var source in sources.Where(source => hasChanged && _records.Of(source.Id).WaitsForOthers))
            {
                _records.Of(source.Id).Forget();
                await reloader.RunAsync(source, _nothing, cancellationToken).ConfigureAwait(false);
            }

            _required.Check(present, [.. _records.Live.Select(live => live.Version.Id)]);
            _seen = _records.SignatureOf(sources);
        }
        finally
        {
            _scanning.Release();
        }
    }

    /// <summary>Nothing has reported the end of a change, so files that have changed, or are gone for a moment, may be
    /// half written: waits until they stay as they are, for at most the poll interval.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _scanning.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var before = _seen;
            var began = _options.Clock.GetTimestamp();
            var pause = _options.QuietTime < _options.PollInterval ? _options.QuietTime : _options.PollInterval;
            while (_options.Clock.GetElapsedTime(began) <= _options.PollInterval
                && _records.SignatureOf(_folders.Peek()) is var now && now != before)
            {
                before = now;
                await Task.Delay(pause, _options.Clock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _scanning.Release();
        }
    }

    private void Remove(string id)
    {
        var record = _records.Remove(id);
        _server.ReportProblem(id, null);
        if (record.Live is not { } live)
            return;
        _swapper!.Remove(live);
        var level = _stopping.IsCancellationRequested ? LogLevel.Debug : LogLevel.Information;
        PluginLog.Removed(_logger, level, id, live.Source.Source);
    }
}
