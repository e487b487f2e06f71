using System.Diagnostics;
using Chat.Commands;
using Chat.Engine;
using Chat.Engine.Diagnostics;
using Chat.Engine.Registrations;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Reload;
using Chat.PluginHost.Versions;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost;

/// <summary>
/// Keeps a server's plugins as its folders have them: loads what is new, replaces what has changed, removes what is gone. A new
/// version is compiled, loaded and started first; then it takes the old one's place in one write; then the old one is drained,
/// stopped and unloaded. When anything fails before the swap, the old version stays.
/// </summary>
/// <remarks>Plugins and scripts are trusted code: they can do whatever the process can. Whoever may write to the folder decides.</remarks>
public sealed class PluginDirectory : IAsyncDisposable
{
    private const string Owner = "plugins";

    private readonly ChatServer _server;
    private readonly PluginHostOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _scanning = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PluginRecords _slots = new();
    private readonly PluginFolders _folders;
    private readonly Quarantine _quarantine;
    private readonly string? _pause;
    private readonly Registration _commands = new(Owner, "built in");
    private ShadowFolder? _shadow;
    private PluginSwapper? _swapper;
    private PluginReloader? _refresh;
    private Task _watching = Task.CompletedTask;
    private string _seen = "";

    /// <summary>Makes a directory that has not yet looked at its folders. What the black box tells of the run before is concluded here.</summary>
    /// <param name="server">The server to put plugins into.</param>
    /// <param name="options">Where they come from. Not to be changed afterwards.</param>
    /// <exception cref="ArgumentException">An option has a value it cannot have.</exception>
    /// <exception cref="IOException">The quarantine file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The quarantine file cannot be read.</exception>
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
        _folders = new PluginFolders(options.Folder, options.BundledFolder, server.ReportProblem, _logger);
        _commands.Add(new ChatCommand("plugins", "", "lists the plugins, and old versions that are not gone yet", (_, _) => CommandResult.Reply(Describe())));
    }

    /// <summary>The plugins that are live, by id.</summary>
    public IReadOnlyList<PluginInfo> Plugins => [.. _slots.Live.Select(live => live.Version.Describe()).OrderBy(info => info.Id, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The versions that have been taken out and are not gone from memory yet, oldest first, with what holds them.</summary>
    public IReadOnlyList<PluginInfo> Retired => [.. (_swapper?.Retired ?? []).Select(version => version.Describe())];

    /// <summary>Loads everything there is, then goes on watching.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">A folder cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be made or written to.</exception>
    /// <exception cref="InvalidOperationException">The server has a command <c>/plugins</c> already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(_options.Folder);
        _shadow = new ShadowFolder(_options.ShadowFolder);
        _swapper = new PluginSwapper(_server, new McMasterLoader(_shadow, _logger), _options.ForReload(), _logger);
        _refresh = new PluginReloader(_server, _slots, _swapper, _quarantine, _options.Timeouts, _logger, () => _ = Task.Run(() => RescanAsync(_stopping.Token), CancellationToken.None)) { Pause = _pause };
        await _server.SwapAsync(null, _commands).ConfigureAwait(false);
        _folders.CheckModes();
        var watcher = new PluginWatcher(_folders.All.Where(Directory.Exists), _options.QuietTime, _options.PollInterval, _options.Clock);
        foreach (var (folder, problem) in watcher.Unwatched)
            PluginLog.NotWatched(_logger, folder, problem, _options.PollInterval);
        await RescanAsync(cancellationToken).ConfigureAwait(false);
        (_refresh.Pause, _refresh.LoadedLevel) = (null, LogLevel.Information);
        _watching = Task.Run(() => WatchAsync(watcher), CancellationToken.None);
    }

    /// <summary>Looks at the folders now and acts on what has changed. Lines keep flowing meanwhile. Safe from any thread.</summary>
    /// <param name="cancellationToken">Gives up between two plugins.</param>
    /// <exception cref="InvalidOperationException">The directory has not been started.</exception>
    public async Task RescanAsync(CancellationToken cancellationToken = default)
    {
        if (_refresh is not { } refresh)
            throw new InvalidOperationException("The directory has not been started.");
        await _scanning.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var units = _folders.Scan();
            refresh.IsUnsettled = false;
            var gone = _slots.Ids.Except(units.Select(unit => unit.Id), StringComparer.OrdinalIgnoreCase).ToList();
            foreach (var id in gone)
                Remove(id);
            var hasChanged = gone.Count > 0;
            foreach (var unit in units)
                hasChanged |= await refresh.RunAsync(unit, cancellationToken).ConfigureAwait(false);

            // What one plugin was refused for, a command of another's say, may be free now.
            foreach (var unit in units.Where(unit => hasChanged && _slots.Of(unit.Id).WaitsForOthers))
            {
                _slots.Of(unit.Id).Forget();
                await refresh.RunAsync(unit, cancellationToken).ConfigureAwait(false);
            }

            _seen = _slots.SignatureOf(units);
        }
        finally
        {
            _scanning.Release();
        }
    }

    /// <summary>
    /// Takes note of an exception that nobody has caught, for a process-wide handler: one from a thread, a timer or an
    /// <c>async void</c> of a plugin's own is logged and need not end the process. Never throws.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Whether it comes out of plugin code, and the process may go on.</returns>
    public bool Contain(Exception exception)
    {
        if (PluginFrames.Innermost(new StackTrace(exception)) is not { } plugin)
            return false;

        // What an old version has left running is not held against the one that is live.
        var owner = _slots.Live.FirstOrDefault(live => live.Has(plugin));
        PluginLog.Unhandled(_logger, owner?.Unit.Source ?? PluginContexts.SourceOf(plugin), ExceptionText.Describe(exception));
        if (owner is not null)
            _server.ReportFault(owner.Unit.Id, exception);
        return true;
    }

    /// <summary>The plugins that end the process, for the handler of a process that ends though nobody has asked for that.</summary>
    /// <param name="stack">The stack of the thread that ends it.</param>
    /// <returns>File names: the one whose code is on the stack; when there is none, all that have a call of <see cref="Environment.Exit"/> in them.</returns>
    public static IReadOnlyList<string> WhoEnds(StackTrace stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        return ExitCalls.SuspectSources(stack);
    }

    /// <summary>
    /// Takes note, from the handler of a process that ends though nobody has asked for that, of the plugin that ends it: one whose
    /// code is on the stack of this thread; when there is none, all that have a call of <see cref="Environment.Exit"/> in them.
    /// </summary>
    /// <param name="stack">The stack.</param>
    public void NoteExit(StackTrace stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var suspects = ExitCalls.Suspects(stack);
        foreach (var live in _slots.Live.Where(live => suspects.Any(live.Has)))
        {
            PluginLog.EndsProcess(_logger, live.Unit.Id);
            _options.CrashJournal?.Accuse(live.Registration.JournalNumber);
        }
    }

    /// <summary>Removes all plugins and stops watching. Waits for no plugin longer than the drain timeout at each step.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        await _scanning.WaitAsync().ConfigureAwait(false);
        foreach (var id in _slots.Ids)
            Remove(id);
        await WhenRetiredAsync().ConfigureAwait(false);
        _swapper?.Dispose();
        try
        {
            await _server.SwapAsync(_commands, null).WaitAsync(_options.DrainTimeout, _options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A line is stuck in some plugin: nobody waits for that.
        }

        _shadow?.Dispose();
        _scanning.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Completes when every version that has been taken out has been stopped and let go.</summary>
    internal Task WhenRetiredAsync() => _swapper?.WhenRetiredAsync() ?? Task.CompletedTask;

    /// <summary>What <c>/plugins</c> shows: several lines parted by <c>\n</c>.</summary>
    private string Describe() => new PluginReport(Plugins, Retired, _slots.NotLoaded, _options.Clock.GetUtcNow()).ToString();

    private async Task WatchAsync(PluginWatcher watcher)
    {
        using (watcher)
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    if (!await watcher.WaitAsync(_refresh!.IsUnsettled, _stopping.Token).ConfigureAwait(false))
                        await SettleAsync(_stopping.Token).ConfigureAwait(false);
                    await RescanAsync(_stopping.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception exception)
                {
                    // Whatever it is, the watching goes on.
                    PluginLog.ScanFailed(_logger, ExceptionText.Describe(exception));
                }
            }
        }
    }

    /// <summary>
    /// Nobody has said that a change is over, so what is found changed, or gone for a moment, may be half done: waits until it stays
    /// as it is, but not without end.
    /// </summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await _scanning.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var before = _seen;
            var began = _options.Clock.GetTimestamp();
            var pause = _options.QuietTime < _options.PollInterval ? _options.QuietTime : _options.PollInterval;
            while (_options.Clock.GetElapsedTime(began) <= _options.PollInterval && _slots.SignatureOf(_folders.Peek()) is var now && now != before)
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
        var slot = _slots.Remove(id);
        _server.ReportProblem(id, null);
        if (slot.Live is not { } live)
            return;
        _swapper!.Remove(live);
        PluginLog.Removed(_logger, _stopping.IsCancellationRequested ? LogLevel.Debug : LogLevel.Information, id, live.Unit.Source);
    }
}
