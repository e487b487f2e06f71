namespace Chat.Engine.Registrations;

/// <summary>Everything that one owner (a plugin or the application) registers. It is added to and removed from a server
/// as a whole, with <see cref="ChatServer.SwapAsync"/>. Not thread-safe; must not be changed once it is in a
/// server.</summary>
public sealed class Registration
{
    private readonly List<RegisteredHook> _hooks = [];
    private readonly List<Observer> _observers = [];
    private readonly List<ChatCommand> _commands = [];
    private readonly List<RegisteredTimer> _timers = [];
    private AsyncLock? _gate;

    /// <summary>Creates an empty registration.</summary>
    /// <param name="owner">The owner's id.</param>
    /// <param name="source">What the owner was loaded from, as shown to users.</param>
    /// <param name="defaultOrder">The order of hooks that do not specify one.</param>
    public Registration(string owner, string source, int defaultOrder = 100)
    {
        Owner = string.IsNullOrWhiteSpace(owner)
            ? throw new ArgumentException("The owner needs an id.", nameof(owner))
            : owner;
        Source = source ?? throw new ArgumentNullException(nameof(source));
        DefaultOrder = defaultOrder;
    }

    /// <summary>The owner's id.</summary>
    public string Owner { get; }

    /// <summary>What the owner was loaded from, as shown to users.</summary>
    public string Source { get; }

    /// <summary>The order of hooks that do not specify one.</summary>
    public int DefaultOrder { get; }

    /// <summary>Whether the callbacks of this registration may run concurrently. If not, they never overlap.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Concurrent { get; set; } = true;

    /// <summary>The owner's version, shown by <c>/hooks</c> and <c>/why</c>; 0 if it has none.</summary>
    public int Version { get; init; }

    /// <summary>The owner's number in the <see cref="ChatServerOptions.CrashJournal"/>.</summary>
    /// <value>Default 0: the owner is not in the journal.</value>
    public int JournalNumber { get; init; }

    /// <summary>Describes what is registered, for users: <c>hook shout</c>, <c>guard shout/2</c>, <c>observer
    /// shout</c>, <c>/roll</c>.</summary>
    public IReadOnlyList<string> Contents =>
    [
        .. _hooks.Select(hook => $"{(hook.Guard is null ? "hook" : "guard")} {hook.Id}"),
        .. _observers.Select(observer => $"observer {observer.Id}"),
        .. _commands.Select(command => $"/{command.Name}"),
    ];

    /// <summary>The commands, in the order they were added.</summary>
    public IReadOnlyList<ChatCommand> Commands => _commands;

    /// <summary>The number of observers.</summary>
    public int ObserverCount => _observers.Count;

    /// <summary>The number of timers.</summary>
    public int TimerCount => _timers.Count;

    internal IReadOnlyList<RegisteredHook> Hooks => _hooks;
    internal IReadOnlyList<Observer> Observers => _observers;
    internal IReadOnlyList<RegisteredTimer> Timers => _timers;

    /// <summary>Stops calls of this owner that run for too long; <see langword="null"/> if they cannot be
    /// stopped.</summary>
    internal ICallStopper? Stopper { get; init; }

    /// <summary>The owner's abandoned calls.</summary>
    internal AbandonedCalls Stuck { get; } = new();

    /// <summary>Admits one callback at a time; <see langword="null"/> if callbacks may overlap.</summary>
    internal AsyncLock? Gate => Concurrent ? null : _gate ??= new AsyncLock();

    /// <summary>Adds a hook.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="options">Where and when it acts.</param>
    public void Add(IMessageHook hook, HookOptions? options = null) =>
        AddHook(hook ?? throw new ArgumentNullException(nameof(hook)), null, options);

    /// <summary>Adds a guard.</summary>
    /// <param name="guard">The guard.</param>
    /// <param name="options">Where and when it acts.</param>
    public void Add(IMessageGuard guard, HookOptions? options = null) =>
        AddHook(null, guard ?? throw new ArgumentNullException(nameof(guard)), options);

    /// <summary>Adds an observer of outcomes.</summary>
    /// <param name="observer">The observer.</param>
    public void Add(IMessageObserver observer)
    {
        _ = observer ?? throw new ArgumentNullException(nameof(observer));
        _observers.Add(new Observer(NextObserverId(), (seen, cancellationToken) =>
            seen is OutcomeRecorded { Outcome: var outcome }
                ? observer.OnOutcomeAsync(outcome, cancellationToken)
                : default));
    }

    /// <summary>Adds an observer of all room events.</summary>
    /// <param name="observer">Called for one event at a time.</param>
    public void Add(Func<RoomEvent, ValueTask> observer)
    {
        _ = observer ?? throw new ArgumentNullException(nameof(observer));
        _observers.Add(new Observer(NextObserverId(), (seen, _) => seen is OutcomeRecorded ? default : observer(seen)));
    }

    /// <summary>Adds a command.</summary>
    /// <param name="command">The command.</param>
    /// <exception cref="ArgumentException">The command's name is not 1 to 24 letters, digits, <c>-</c> or
    /// <c>_</c>.</exception>
    /// <exception cref="InvalidOperationException">This owner already has a command of that name.</exception>
    public void Add(ChatCommand command)
    {
        _ = command ?? throw new ArgumentNullException(nameof(command));
        const int MaxLength = 24;
        var name = command.Name;
        if (name.Length is 0 or > MaxLength
            || !name.All(character => char.IsLetterOrDigit(character) || character is '-' or '_'))
        {
            throw new ArgumentException(
                $"'{name}' cannot be a command's name: "
                    + $"it has 1 to {MaxLength} letters, digits, '-' or '_', and no slash.",
                nameof(command));
        }

        if (_commands.Exists(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"The command /{name} is registered twice by {Source}.");
        _commands.Add(command);
    }

    /// <summary>Adds a timer. It first ticks one interval after the registration is added to a server.</summary>
    /// <param name="interval">The time between ticks, from 10 milliseconds to 40 days. Calls never overlap: a tick that
    /// is due during a call waits until the call ends.</param>
    /// <param name="tick">The callback.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is out of range.</exception>
    public void Every(TimeSpan interval, Func<ValueTask> tick)
    {
        _ = tick ?? throw new ArgumentNullException(nameof(tick));
        if (interval < TimeSpan.FromMilliseconds(10) || interval > TimeSpan.FromDays(40))
        {
            throw new ArgumentOutOfRangeException(
                nameof(interval), $"A timer's interval is from 10 milliseconds to 40 days, but is {interval}.");
        }

        _timers.Add(new RegisteredTimer($"{Owner}/timer-{_timers.Count + 1}", interval, tick));
    }

    /// <summary>Waits until no callback is running and holds up new ones, if <see cref="Concurrent"/> is
    /// <see langword="false"/>. Otherwise does nothing.</summary>
    /// <returns>A task that completes when no callback is running. The caller must then call
    /// <see cref="Resume"/>.</returns>
    public Task PauseAsync() => Gate?.EnterAsync(CancellationToken.None) ?? Task.CompletedTask;

    /// <summary>Releases the callbacks that <see cref="PauseAsync"/> holds up.</summary>
    public void Resume() => Gate?.Exit();

    private string NextObserverId() => _observers.Count == 0 ? Owner : $"{Owner}/observer-{_observers.Count + 1}";

    private void AddHook(IMessageHook? hook, IMessageGuard? guard, HookOptions? options)
    {
        options ??= new HookOptions();
        if (options.Rooms is null || options.Rooms.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException(
                "A hook's rooms are names or patterns; one of them is missing.", nameof(options));
        }

        var (shortest, longest) = (CallLimits.ShortestBudget, CallLimits.LongestBudget);
        if (options.TimeBudget is { } budget && (budget < shortest || budget > longest))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), $"A hook's time budget is from {shortest} to {longest}, but is {budget}.");
        }

        var id = options.Name is { Length: > 0 } name ? $"{Owner}/{name}"
            : _hooks.Count == 0 ? Owner
            : $"{Owner}/{_hooks.Count + 1}";
        if (_hooks.Exists(other => string.Equals(other.Id, id, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"The hook {id} is registered twice by {Source}.");
        _hooks.Add(new RegisteredHook(hook, guard, id, options with { Order = options.Order ?? DefaultOrder }));
    }
}
