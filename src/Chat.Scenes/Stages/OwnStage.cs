using System.Globalization;
using Chat.Engine.Tracing;
using Chat.PluginHost;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Scenes.Stages;

/// <summary>A server made for one play: in memory, with its own clock and the plugins of a folder.</summary>
internal sealed class OwnStage : IStage
{
    private static readonly TimeSpan _ending = TimeSpan.FromSeconds(2), _longestEnd = TimeSpan.FromSeconds(10);

    private static readonly string[] _warnings = ["Warning:", "Error:", "Critical:"];

    private readonly string _root = Directory.CreateTempSubdirectory("chat-scene-").FullName;
    private readonly CollectingLog _log = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly SteppedClock _steppedClock;
    private readonly TimeSpan _patience, _loading;
    private readonly MemoryListener _listener = new();
    private string _drop = "";
    private ChatServer? _server;
    private PluginDirectory? _plugins;

    private OwnStage(TimeSpan patience)
    {
        _steppedClock = new SteppedClock(_clock);
        _patience = patience;

        // The first load waits for the compiler to start.
        _loading = patience * 4;
    }

    public IReadOnlyList<string> Warnings =>
        [.. _log.Lines.All.Where(line =>
            Array.Exists(_warnings, level => line.StartsWith(level, StringComparison.Ordinal)))];

    /// <summary>Builds the stage, with all plugins loaded and nobody connected.</summary>
    /// <exception cref="SceneProblemException">The scene or the options are wrong, or a plugin cannot be
    /// loaded.</exception>
    public static async Task<OwnStage> BuildAsync(
        string name, SceneText text, StageOptions options, CancellationToken cancellationToken)
    {
        var stage = new OwnStage(options.Patience);
        try
        {
            if (text.Header.Clock is { } time)
                stage._clock.SetUtcNow(time);
            var bundled = stage.FindFolders(name, text, options);
            stage._server = stage.MakeServer(name, text.Header, options);
            await stage._server.StartAsync(cancellationToken).ConfigureAwait(false);
            await stage.LoadAsync(bundled, cancellationToken).ConfigureAwait(false);
            return stage._server.Problems is [] ? stage : throw new SceneProblemException(
                $"{name}: a plugin cannot be loaded:\n{Indent(stage._server.Problems)}");
        }
        catch
        {
            await stage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask<TestClient> ConnectAsync(CancellationToken cancellationToken) =>
        new(_listener.Connect(cancellationToken));

    public Task WhenObservedAsync() => _server!.WhenObservedAsync();

    public async Task<string?> PassTimeAsync(TimeSpan by, Func<Task> settle, CancellationToken cancellationToken)
    {
        const int MostStops = 20_000;
        return await _steppedClock.MoveAsync(by, settle, _patience, MostStops).ConfigureAwait(false)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"timers of plugins would fire more than {MostStops} times until then. Let less time pass.");
    }

    public async Task<string?> ChangeFileAsync(string file, string? content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_drop, file);
        if (content is null && !File.Exists(path))
            return $"there is no file {file} in the plugin folder.";
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, content, cancellationToken).ConfigureAwait(false);
        }

        await PressAsync(_plugins!.RescanAsync(cancellationToken), _loading, cancellationToken).ConfigureAwait(false);
        return _server!.Problems is [] ? null : $"a plugin cannot be loaded any more:\n{Indent(_server.Problems)}";
    }

    public async Task AbandonCallsAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        // The watchdog reads this clock every 10 ms of real time, and does not count the time the runtime spends
        // compiling, up to a second. Small steps first, so that a script that is asked to stop has time to do so.
        var longest = TimeSpan.FromSeconds(60);
        TimeSpan small = TimeSpan.FromMilliseconds(15), large = TimeSpan.FromMilliseconds(250);
        for (var passed = TimeSpan.Zero; passed < longest && !isOver();)
        {
            var step = passed < TimeSpan.FromSeconds(8) ? small : large;
            _clock.Advance(step);
            passed += step;
            await Task.Delay(small, cancellationToken).ConfigureAwait(false);
        }
    }

    public string Explain(string? seen)
    {
        var said = SaidLines();
        var line = said.LastOrDefault(each => seen is not null && each.Ends.Any(IsSeen)) ?? said.LastOrDefault();
        return line?.ToString() ?? _server!.DescribeHooks();

        bool IsSeen(LineEnd end) =>
            seen == end.Reason || (end.Text.Length > 0 && seen!.EndsWith(end.Text, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        using var giveUp = new CancellationTokenSource(_longestEnd);
        try
        {
            if (_plugins is not null)
                await PressAsync(_plugins.DisposeAsync().AsTask(), _ending, giveUp.Token).ConfigureAwait(false);
            if (_server is not null)
                await PressAsync(_server.DisposeAsync().AsTask(), _ending, giveUp.Token).ConfigureAwait(false);
            Directory.Delete(_root, recursive: true);
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // A plugin hangs or still holds a file open. The system cleans up its temporary files some day.
        }
    }

    private static string Indent(IEnumerable<string> texts) =>
        string.Join('\n', texts.Select(text => $"  {text.Replace("\n", "\n  ", StringComparison.Ordinal)}"));

    /// <summary>The lines that the server can explain, in order. Their numbers start at 1 and may have gaps.</summary>
    private List<LineExplanation> SaidLines()
    {
        const long WidestGap = 100;
        List<LineExplanation> lines = [];
        for (var (id, last) = (1L, 0L); id - last <= WidestGap; id++)
        {
            if (_server!.Explain(id) is not { } line)
                continue;
            lines.Add(line);
            last = id;
        }

        return lines;
    }

    /// <summary>Finds the plugin folders, or makes copies if the scene changes or chooses files.</summary>
    /// <returns>The second plugin folder, if any.</returns>
    private string? FindFolders(string name, SceneText text, StageOptions options)
    {
        foreach (var folder in new[] { options.Plugins, options.BundledPlugins })
        {
            if (folder is not null && !Directory.Exists(folder))
                throw new SceneProblemException($"{name}: there is no plugin folder {Path.GetFullPath(folder)}.");
        }

        var own = options.Plugins ?? options.Beside;
        _drop = Path.Combine(_root, "plugins");
        Directory.CreateDirectory(_drop);
        if (text.Header.Plugins is { } chosen)
        {
            string?[] folders = [own, options.BundledPlugins];
            var problem = PluginFiles.CopyChosen(chosen, [.. folders.OfType<string>()], _drop);
            return problem is null ? null : throw At(name, text.Header.PluginsLine, problem);
        }

        if (own is not null && text.Steps.Any(step => step is FileChanges))
            PluginFiles.CopyAll(own, _drop);
        else if (own is not null)
            _drop = own;
        return options.BundledPlugins;
    }

    private ChatServer MakeServer(string name, SceneHeader header, StageOptions options)
    {
        var server = options.Server?.Invoke() ?? new ChatServerOptions();
        foreach (var setting in header.Settings)
        {
            if (SceneSettings.Apply(server, setting) is { } problem)
                throw At(name, setting.Line, problem);
        }

        server.Clock = _steppedClock;
        server.GreetingDelay = TimeSpan.Zero;
        server.LoggerFactory = _log;
        server.Listeners.Clear();
        server.Listeners.Add(_listener);
        try
        {
            return new ChatServer(server);
        }
        catch (ChatOptionsException exception)
        {
            throw new SceneProblemException(
                $"{name}: a setting of the server is wrong: {exception.Option} {exception.Problem}.");
        }
    }

    private static SceneProblemException At(string name, int line, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}:{line}: {problem}"));

    private Task LoadAsync(string? bundled, CancellationToken cancellationToken)
    {
        _plugins = new PluginDirectory(_server!, new PluginHostOptions
        {
            Folder = Path.GetFullPath(_drop),
            BundledFolder = bundled is null ? null : Path.GetFullPath(bundled),
            ShadowFolder = Path.Combine(_root, "shadow"),

            // The folder is scanned only when the scene changes it.
            QuietTime = TimeSpan.FromMinutes(1),
            PollInterval = TimeSpan.FromHours(1),
            Clock = _steppedClock,
            LoggerFactory = _log,
        });
        return PressAsync(_plugins.StartAsync(cancellationToken), _loading, cancellationToken);
    }

    /// <summary>Waits for a task that may itself wait for the clock of the scene. If it takes too long, the clock moves
    /// on, so that timeouts take effect.</summary>
    private async Task PressAsync(Task task, TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await task.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (!task.IsCompleted)
            {
                _clock.Advance(TimeSpan.FromSeconds(10));
                patience = TimeSpan.FromMilliseconds(100);
            }
        }
    }
}
