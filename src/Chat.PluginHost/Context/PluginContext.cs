namespace Chat.PluginHost.Context;

/// <summary>What one version of a plugin sees of the host. Collects registrations while the plugin starts; does nothing
/// any more once it is retired.</summary>
internal sealed class PluginContext(
    string id, Registration registration, PluginSettings settings, PluginStore store, ChatServer server, ILogger logger,
    TimeProvider clock, PluginJournal notes)
    : IPluginContext, IPluginLog
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PluginWork _work = new(id, notes, logger);
    private readonly PluginHttp _http = new(id);
    private readonly StateHandOver _state = new(id, registration.Source, logger);
    private volatile IPluginSettings _settings = settings;
    private volatile SettingsListener? _listener;
    private volatile Task _told = Task.CompletedTask;
    private volatile bool _started;
    private volatile bool _retired;

    public string Id => id;

    /// <summary>Records which code of the plugin runs.</summary>
    public PluginJournal Notes => notes;

    public IPluginSettings Settings => _settings;
    public IPluginLog Log => this;
    public IPluginStore Store => store;
    public HttpClient Http => _http.Client;
    public TimeProvider Clock => clock;

    public bool Concurrent
    {
        get => registration.Concurrent;
        set => Open.Concurrent = value;
    }

    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether the plugin takes changed settings now: not while an abandoned call has not returned.</summary>
    public bool TakesSettings => _listener is { IsFree: true };

    /// <summary>Takes registrations, as long as the plugin is starting.</summary>
    private Registration Open => !_started ? registration : throw new InvalidOperationException(
        "Hooks, commands and timers are registered while the plugin starts, not later.");

    public void OnMessage(Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null) =>
        Open.Add(new DelegateHook(hook), options);

    public void OnMessage(
        Func<MessageContext, CancellationToken, ValueTask<HookResult>> hook, HookOptions? options = null) =>
        Open.Add(new DelegateHook(hook), options);

    public void OnSending(Func<MessageContext, ValueTask<Verdict>> guard, HookOptions? options = null) =>
        Open.Add(new DelegateGuard(guard), options);

    public void OnSending(
        Func<MessageContext, CancellationToken, ValueTask<Verdict>> guard, HookOptions? options = null) =>
        Open.Add(new DelegateGuard(guard), options);

    public void OnOutcome(Func<MessageOutcome, ValueTask> observer) => Open.Add(new DelegateObserver(observer));

    public void OnEvent(Func<RoomEvent, ValueTask> observer) => Open.Add(observer);

    public void AddHook(object hook, HookOptions? options = null)
    {
        var open = Open;
        const string Rule = "A hook implements IMessageHook, IMessageGuard or IMessageObserver.";
        if (hook is not (IMessageHook or IMessageGuard or IMessageObserver))
            throw new ArgumentException(Rule, nameof(hook));
        if (hook is IMessageHook transform)
            open.Add(transform, options);
        var guardOptions = hook is IMessageHook && options?.Name is { } name
            ? options with { Name = $"{name}-guard" }
            : options;
        if (hook is IMessageGuard guard)
            open.Add(guard, guardOptions);
        if (hook is IMessageObserver observer)
            open.Add(observer);
    }

    public void Command(string name, string usage, string help, Func<CommandCall, ValueTask<CommandResult>> execute)
    {
        ArgumentNullException.ThrowIfNull(execute);
        Open.Add(new ChatCommand(name, usage, help, (call, _) => execute(call)));
    }

    public void Every(TimeSpan interval, Func<ValueTask> tick) => Open.Every(interval, tick);

    public void Run(Func<CancellationToken, Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _ = Open;
        _work.Add(work);
    }

    public void Save(Func<string?> save)
    {
        _ = Open;
        _state.OnSave(save);
    }

    public void Restore(Action<string> restore)
    {
        _ = Open;
        _state.OnRestore(restore);
    }

    public void OnSettings(Action<IPluginSettings> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _ = Open;
        _listener = _listener is null
            ? new SettingsListener(change, registration, Notes)
            : throw new InvalidOperationException(
                "OnSettings has been called before. Take all of the settings in one place.");
    }

    /// <inheritdoc cref="StateHandOver.Saves"/>
    public bool Saves => _state.Saves;

    /// <inheritdoc cref="StateHandOver.Save"/>
    public string? SaveState() => _state.Save();

    /// <inheritdoc cref="StateHandOver.Restore"/>
    public void RestoreState(string state) => _state.Restore(state);

    /// <summary>Hands changed settings to a plugin that <see cref="TakesSettings"/>. One caller at a time.</summary>
    /// <inheritdoc cref="SettingsListener.ChangeAsync"/>
    public async Task<LoadProblem?> ChangeSettingsAsync(
        PluginSettings next, PluginTimeouts timeouts, CancellationToken cancellationToken)
    {
        // Taking settings is another callback, and those of a script do not overlap.
        await registration.PauseAsync().ConfigureAwait(false);
        try
        {
            var problem = await _listener!.ChangeAsync(next, timeouts, cancellationToken).ConfigureAwait(false);
            if (problem is null)
                _settings = next;
            return problem;
        }
        finally
        {
            registration.Resume();
        }
    }

    public async ValueTask SayAsync(string room, string nick, string text)
    {
        if (_retired)
            return;

        // The hooks that this runs are other plugins' code.
        using var outside = Notes.Outside();
        foreach (var told in await server.SayAsync(room, nick, text, id, Stopping).ConfigureAwait(false))
            PluginLog.Told(logger, told);
    }

    public ValueTask AnnounceAsync(string room, string text) =>
        _retired ? default : server.AnnounceAsync(room, text, id, Stopping);

    public ValueTask TellAsync(string nick, string text)
    {
        if (!_retired && !server.Tell(nick, text))
            PluginLog.NotTold(logger, nick);
        return default;
    }

    public void Info(string message) => PluginLog.Info(logger, message);

    public void Warn(string message) => PluginLog.Warn(logger, message);

    public void Error(string message) => PluginLog.Error(logger, message);

    /// <summary>Ends the start: nothing more can be registered.</summary>
    public void Close() => _started = true;

    /// <summary>Starts the background work. Called once the registration is in the server.</summary>
    public void GoLive()
    {
        store.GoLive();
        _work.Start(Stopping);
    }

    /// <summary>The first step of retiring, after messages have left and timers have ended: the plugin can no longer
    /// speak, register or send web requests, nor write to its store if another version has replaced it; and it is told
    /// to stop.</summary>
    /// <returns>Completes when the callbacks of the plugin have run; they may not return.</returns>
    public async Task RetireAsync()
    {
        _started = true;
        _retired = true;
        store.Leave();
        _told = _stopping.CancelAsync();
        await Task.Run(_http.Close).ConfigureAwait(false);
        await _told.ConfigureAwait(false);
    }

    /// <summary>The second step of retiring: completes when background work has ended.</summary>
    public Task WhenEndedAsync() => _work.WhenEndedAsync();

    /// <summary>The last step of retiring, after cleaning up: nothing issued to it works any more.</summary>
    public void Revoke() => store.Revoke();

    /// <summary>What was issued to the plugin and is still in use, in words. Safe from any thread.</summary>
    public IReadOnlyList<string> StillHeld()
    {
        List<string> held = [.. _work.StillHeld()];
        if (_http.Connections is > 0 and var connections)
            held.Add(connections == 1 ? "a web connection" : $"{connections} web connections");
        if (!_told.IsCompleted)
            held.Add("what it does when Stopping is set");
        if (_listener is { IsFree: false })
            held.Add("its OnSettings");
        return held;
    }
}
