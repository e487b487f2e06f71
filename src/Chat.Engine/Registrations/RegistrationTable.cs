namespace Chat.Engine.Registrations;

/// <summary>The registrations of all owners. Changes apply to one owner at a time and take effect in one
/// write.</summary>
internal sealed class RegistrationTable(
    RegistrationSettings settings, ChatMetrics metrics, RoomDirectory rooms, Watchdog watchdog, TimeProvider clock,
    ILogger logger)
{
    private readonly object _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly List<RegistrationSet> _draining = [];
    private RegistrationSet _current = new([], HookPipeline.Empty, CommandTable.Empty);

    /// <summary>The hooks and guards in the order they run.</summary>
    public IReadOnlyList<PipelineStep> Bindings
    {
        get
        {
            var set = Enter();
            try
            {
                return [.. set.Pipeline.Steps];
            }
            finally
            {
                set.Exit();
            }
        }
    }

    /// <summary>The observers' ids and their owners' sources, in alphabetical order.</summary>
    public IReadOnlyList<(string Id, string Source)> Observers
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries
                    .Select(entry => entry.Registration)
                    .SelectMany(owner => owner.Observers.Select(observer => (observer.Id, owner.Source)))
                    .OrderBy(observer => observer.Id, StringComparer.OrdinalIgnoreCase)];
            }
        }
    }

    /// <summary>Enters the current set for one line. The caller must call <see cref="RegistrationSet.Exit"/>.</summary>
    public RegistrationSet Enter()
    {
        while (true)
        {
            var set = Volatile.Read(ref _current);
            set.Enter();

            // If the set was replaced before it was entered, its plugins may already be unloaded.
            if (ReferenceEquals(set, Volatile.Read(ref _current)))
                return set;
            set.Exit();
        }
    }

    /// <summary>Replaces one owner's registration by another: no line sees both, or neither.</summary>
    /// <param name="old">What to take out; <see langword="null"/> to only put in.</param>
    /// <param name="next">What to put in; <see langword="null"/> to only take out.</param>
    /// <returns>Completes when nothing uses <paramref name="old"/> any more.</returns>
    /// <exception cref="NameTakenException">A command or an owner's id is taken; nothing has changed.</exception>
    public Task Swap(Registration? old, Registration? next)
    {
        List<Task> ended = [];
        List<Entry> stopping;
        List<RegistrationSet> holding;
        lock (_lock)
        {
            var entries = _entries.Where(entry => entry.Registration != old).ToList();
            if (next is not null)
            {
                var other = entries.Find(
                    entry => string.Equals(entry.Registration.Owner, next.Owner, StringComparison.OrdinalIgnoreCase));
                if (other is not null)
                {
                    throw new NameTakenException(
                        $"The id {next.Owner} is taken by {other.Registration.Source}.",
                        other.Registration.Owner == CommandTable.BuiltInOwner);
                }


                entries.Add(Bind(next));
            }

            var retired = _current;
            Volatile.Write(ref _current, Build(entries));
            retired.Retire();
            _draining.RemoveAll(set => set.Drained.IsCompleted);
            _draining.Add(retired);
            holding = [.. _draining.Where(set => set.Holds(old))];

            stopping = [.. _entries.Except(entries)];
            _entries.Clear();
            _entries.AddRange(entries);
            entries.LastOrDefault(entry => entry.Registration == next)?.Start(rooms);
        }

        // Not under the lock: stopping an observer runs the plugin's own code.
        ended.AddRange(stopping.Select(entry => entry.StopAsync()));
        ended.AddRange(holding.Select(ForgetAsync));
        return DrainAsync(ended, old);
    }

    /// <summary>Permanently stops all observers and timers.</summary>
    /// <returns>A task that completes when none of them is being called any more.</returns>
    public Task StopAllAsync()
    {
        lock (_lock)
            return Task.WhenAll(_entries.Select(entry => entry.StopAsync()).ToList());
    }

    /// <summary>Waits for lines, observers and timers, then for abandoned calls, which no longer count as any of
    /// these.</summary>
    private static async Task DrainAsync(List<Task> ended, Registration? old)
    {
        await Task.WhenAll(ended).ConfigureAwait(false);
        if (old is not null)
            await old.Stuck.None.ConfigureAwait(false);
    }

    /// <summary>Removes a set once it is drained: it is the last reference to a plugin that has been removed.</summary>
    private async Task ForgetAsync(RegistrationSet set)
    {
        await set.Drained.ConfigureAwait(false);
        lock (_lock)
            _draining.Remove(set);
    }

    private RegistrationSet Build(List<Entry> entries)
    {
        var steps = entries
            .SelectMany(entry => entry.Bindings)
            .OrderBy(step => step.IsGuard)
            .ThenBy(step => step.Options.Band)
            .ThenBy(step => step.Options.Order)
            .ThenBy(step => step.Id, StringComparer.OrdinalIgnoreCase);
        var pipeline = new HookPipeline([.. steps], clock);
        var commands = new CommandTable(entries.SelectMany(entry => entry.Commands));
        return new RegistrationSet([.. entries.Select(entry => entry.Registration)], pipeline, commands);
    }

    private Entry Bind(Registration registration)
    {
        List<PipelineStep> steps = [];
        foreach (var (hook, guard, id, own) in registration.Hooks)
        {
            var bound = own;
            if (settings.Overrides.TryGetValue(id, out var wanted))
            {
                if (!wanted.Enabled)
                    continue;
                bound = wanted.ApplyTo(own);
            }

            bound = bound with { TimeBudget = bound.TimeBudget ?? settings.Calls.HookBudget };
            var target = Target(registration, guard is null ? "Hook" : "Guard", id, bound.TimeBudget.Value);
            steps.Add(guard is null
                ? new HookStep(hook!, target, bound, settings.MaxMessageBytes)
                : new GuardStep(guard, target, bound));
        }

        DisabledPluginMonitor.Begin(registration, steps);
        return new Entry(
            registration,
            steps,
            [.. registration.Observers.Select(observer => new ObserverPump(
                observer, Target(registration, "Observer", observer.Id, settings.Calls.CallBudget), watchdog, clock,
                logger))],
            [.. registration.Commands.Select(command => new OwnedCommand(
                command, Target(registration, "Command", $"/{command.Name}", settings.Calls.CallBudget), clock))],
            [.. registration.Timers.Select(timer => new TimerPump(
                timer, Target(registration, "Timer", timer.Id, settings.Calls.CallBudget), watchdog, clock))]);
    }

    private CallTarget Target(Registration registration, string kind, string id, TimeSpan budget)
    {
        var identity = new HookIdentity(kind, id, registration.Owner, registration.Source, registration.Version);
        return new CallTarget(
            identity, budget, settings.Calls.WarnAfter, new HookTelemetry(identity, metrics, logger, clock),
            new CircuitBreaker(settings.Calls.FaultLimit, settings.Calls.FaultWindow, clock))
        {
            JournalNumber = registration.JournalNumber,
            Stuck = registration.Stuck,
            Gate = registration.Gate,
            Stopper = registration.Stopper,
        };
    }

    private sealed record Entry(
        Registration Registration, IReadOnlyList<PipelineStep> Bindings, IReadOnlyList<ObserverPump> Observers,
        IReadOnlyList<OwnedCommand> Commands, IReadOnlyList<TimerPump> Timers)
    {
        public void Start(RoomDirectory rooms)
        {
            foreach (var observer in Observers)
                observer.Start(rooms);
            foreach (var timer in Timers)
                timer.Start();
        }

        /// <returns>A task that completes when no observer or timer is being called any more.</returns>
        public Task StopAsync() =>
            Task.WhenAll(Observers
                .Select(observer => observer.StopAsync())
                .Concat(Timers.Select(timer => timer.StopAsync())));
    }
}
