using Chat.Commands;
using Chat.Engine;
using Chat.Engine.Hooks;
using Chat.Engine.Registrations;
using Chat.Events;
using Chat.Hooks;
using Chat.Plugins;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Swapping;

/// <summary>What one version of a plugin sees of the host. Collects registrations while the plugin starts; falls silent when it is retired.</summary>
internal sealed class PluginContext(string id, Registration registration, IPluginSettings settings, ChatServer server, ILogger logger, TimeProvider clock)
    : IPluginContext, IPluginLog
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PluginTimer> _timers = [];
    private readonly List<string> _held = [];
    private Func<string?>? _save;
    private Action<string>? _restore;
    private volatile bool _started;
    private volatile bool _retired;

    public string Id => id;

    public IPluginSettings Settings => settings;

    public IPluginLog Log => this;

    public IPluginStore Store => throw new NotImplementedException();

    public HttpClient Http => throw new NotImplementedException();

    public TimeProvider Clock => clock;

    public bool Concurrent
    {
        get => registration.Concurrent;
        set
        {
            CheckOpen();
            registration.Concurrent = value;
        }
    }

    public CancellationToken Stopping => _stopping.Token;

    public IReadOnlyList<PluginTimer> Timers => _timers;

    public void OnMessage(Func<MessageContext, ValueTask<HookResult>> hook, HookOptions? options = null)
    {
        CheckOpen();
        registration.Add(new DelegateHook(hook), options);
    }

    public void OnSending(Func<MessageContext, ValueTask<Verdict>> guard, HookOptions? options = null)
    {
        CheckOpen();
        registration.Add(new DelegateGuard(guard), options);
    }

    public void OnOutcome(Func<MessageOutcome, ValueTask> observer)
    {
        CheckOpen();
        registration.Add(new DelegateObserver(observer));
    }

    public void OnEvent(Func<RoomEvent, ValueTask> observer)
    {
        CheckOpen();
        registration.Add(observer);
    }

    public void AddHook(object hook, HookOptions? options = null)
    {
        CheckOpen();
        if (hook is not (IMessageHook or IMessageGuard or IMessageObserver))
            throw new ArgumentException("A hook implements IMessageHook, IMessageGuard or IMessageObserver.", nameof(hook));
        if (hook is IMessageHook transform)
            registration.Add(transform, options);
        if (hook is IMessageGuard guard)
            registration.Add(guard, hook is IMessageHook && options?.Name is { } name ? options with { Name = $"{name}-guard" } : options);
        if (hook is IMessageObserver observer)
            registration.Add(observer);
    }

    public void Command(string name, string usage, string help, Func<CommandCall, ValueTask<CommandResult>> execute)
    {
        ArgumentNullException.ThrowIfNull(execute);
        CheckOpen();
        registration.Add(new ChatCommand(name, usage, help, (call, _) => execute(call)));
    }

    public void Every(TimeSpan interval, Func<ValueTask> tick)
    {
        ArgumentNullException.ThrowIfNull(tick);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(40));
        CheckOpen();
        _timers.Add(new PluginTimer(id, interval, tick, clock, logger));
    }

    public void Run(Func<CancellationToken, Task> work) => throw new NotImplementedException();

    public void Save(Func<string?> save)
    {
        ArgumentNullException.ThrowIfNull(save);
        CheckOpen();
        _save = _save is null ? save : throw new InvalidOperationException("What is to be saved has been said before.");
    }

    public void Restore(Action<string> restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        CheckOpen();
        _restore = _restore is null ? restore : throw new InvalidOperationException("What is to be restored has been said before.");
    }

    public void OnSettings(Action<IPluginSettings> change) => throw new NotImplementedException();

    /// <summary>What this version wants the next one to know; <see langword="null"/> for nothing.</summary>
    public string? SaveState() => _save?.Invoke();

    /// <summary>Hands over what the version before this one has saved.</summary>
    public void RestoreState(string state) => _restore?.Invoke(state);

    /// <summary>What of this plugin's is still going on after it was retired, a clause each.</summary>
    public IReadOnlyList<string> StillHeld() => _held;

    public async ValueTask SayAsync(string room, string nick, string text)
    {
        if (_retired)
            return;
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

    /// <summary>Says that the plugin has started: nothing more can be registered.</summary>
    public void Close() => _started = true;

    /// <summary>Says that the plugin is being removed.</summary>
    public void Retire()
    {
        _started = true;
        _retired = true;
        _stopping.Cancel();
    }

    private void CheckOpen()
    {
        if (_started)
            throw new InvalidOperationException("Hooks, commands and timers are registered while the plugin starts, not later.");
    }
}
