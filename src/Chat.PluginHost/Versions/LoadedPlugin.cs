using System.Collections.Concurrent;
using System.Reflection;

namespace Chat.PluginHost.Versions;

/// <summary>One version of one plugin, from its start to its end. It owns everything the version holds.</summary>
internal sealed class LoadedPlugin(
    PluginSource source, PluginVersion version, LoadedCode code, PluginContext context, Registration registration,
    ILogger logger, PluginTimeouts timeouts)
{
    private static readonly TimeSpan _timeToEnd = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<object> _instances = [];
    private bool _isStuck, _wasStopped;

    public PluginSource Source => source;
    public PluginVersion Version => version;
    public Registration Registration => registration;
    public PluginContext Context => context;

    /// <summary>Tells whether the code is still in memory once the plugin has been removed.</summary>
    public WeakReference WatchCode() => code.Track();

    public bool Has(Assembly assembly) => code.Has(assembly);

    /// <summary>Lets code run again that was stopped when all its hooks were disabled, because it is about to save,
    /// take settings or clean up.</summary>
    public void LetRun() => _wasStopped |= code.ScriptCancellation?.StopAllEnded() ?? false;

    /// <summary>Loads the plugin's code and runs its start. Nothing it registers takes effect yet.</summary>
    /// <exception cref="PluginLoadException">It failed, or took too long.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        version.Follow(code.Track(), context);
        var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = OnThreadOfItsOwnAsync(() => InsideAsync(() =>
            PluginActivator.StartAsync(source, code.Load(), context, _instances, giveUp.Token)));
        try
        {
            await starting.WaitAsync(timeouts.Start, timeouts.Clock, cancellationToken).ConfigureAwait(false);
            context.Close();
        }
        catch (TimeoutException exception) when (!starting.IsFaulted)
        {
            _ = version.AwaitEndOfAsync("its start, which has not returned", starting);

            // Callbacks that it has registered on the token run on the pool, and may not return either.
            _ = giveUp.CancelAsync();
            code.ScriptCancellation?.StopForGood();
            var patience = Task.Delay(_timeToEnd, timeouts.Clock, cancellationToken);
            await Task.WhenAny(starting, patience).ConfigureAwait(false);
            throw new PluginLoadException(
                source.Source, $"it did not finish starting within {timeouts.Start.TotalSeconds:0.###} s.",
                $"{EndOf(starting)}; it is tried again when it changes.", exception);
        }
        catch (PluginLoadException)
        {
            throw;
        }
        catch (InvalidSettingException exception)
        {
            throw new PluginLoadException([exception.Problem], exception);
        }
        catch (Exception exception) when (MissingAssembly(exception) is { } missing)
        {
            throw new PluginLoadException(
                source.Source, $"something it needs is missing: {missing}.",
                "Put the missing DLL into the plugin's folder.", exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The exception of a static constructor says more than the one around it.
            var cause = ExceptionText.Describe(Root(exception));
            throw new PluginLoadException(source.Source, $"it failed while it was starting: {cause}", cause: exception);
        }
    }

    /// <summary>Asks for the state to pass to the next version. Waits for the hand-over timeout, and then as long as it
    /// takes to stop the call.</summary>
    /// <returns>The state; <see langword="null"/> if there is none, if saving failed, or if it took too long.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<string?> SaveAsync(int next, CancellationToken cancellationToken)
    {
        LetRun();
        var saving = Task.Run(() => Inside(() => context.SaveState()), CancellationToken.None);
        if (await StuckLines.EndsAsync(saving, registration, timeouts, cancellationToken).ConfigureAwait(false))
            return await saving.ConfigureAwait(false);
        _ = version.AwaitEndOfAsync("its saving, which does not end", saving);
        PluginLog.NotSavedInTime(logger, source.Id, version.Number, timeouts.HandOver, next);
        return null;
    }

    /// <summary>Hands over the state of the previous version. Called after the start and before it goes live.</summary>
    /// <exception cref="PluginLoadException">It refuses the state, or took too long.</exception>
    public async Task RestoreAsync(string state, CancellationToken cancellationToken)
    {
        var restoring = Task.Run(() => Inside(() => context.RestoreState(state)), CancellationToken.None);
        if (!await StuckLines.EndsAsync(restoring, registration, timeouts, cancellationToken).ConfigureAwait(false))
        {
            _ = version.AwaitEndOfAsync("its restoring, which does not end", restoring);
            throw new PluginLoadException(
                source.Source, "it did not take over the state of the version before it within "
                + $"{timeouts.HandOver.TotalSeconds:0.###} s.", "It is tried again when it changes.");
        }

        await restoring.ConfigureAwait(false);
    }

    /// <summary>Starts the background work. Called once the registration is in the server.</summary>
    public void GoLive()
    {
        version.GoLive(registration.Contents);
        context.GoLive();
    }

    /// <summary>Stops the plugin and releases its code. Never throws; each step waits the drain timeout.</summary>
    public async Task RetireAsync(Task drained)
    {
        LetRun();

        // No new tick begins; lines, observers and ticks under way end normally; then it is told to stop.
        const string Inner = "lines or timers that are still inside it";
        const string Cleaning = "its cleaning up, which does not end";
        await AttemptAsync("lines or timers are still inside it", Inner, () => drained).ConfigureAwait(false);
        Task Stop() => InsideAsync(context.RetireAsync);
        await AttemptAsync("it does not take notice that it is to stop", null, Stop).ConfigureAwait(false);
        await AttemptAsync("its background tasks go on", null, context.WhenEndedAsync).ConfigureAwait(false);
        while (_instances.TryDequeue(out var instance))
        {
            Task CleanUp() => Task.Run(() => InsideAsync(() => DisposeAsync(instance)));
            await AttemptAsync("its cleaning up does not end", Cleaning, CleanUp).ConfigureAwait(false);
        }

        context.Revoke();
        version.Enter(PluginState.Unloading);
        if (_isStuck || _wasStopped)
            code.ScriptCancellation?.StopForGood();
        Task Unload() => Task.Run(() => Inside(() => code.Unload()));
        const string Unloading = "what it does when it is unloaded";
        await AttemptAsync("its code does not let go", Unloading, Unload).ConfigureAwait(false);
    }

    private async Task InsideAsync(Func<Task> work)
    {
        using var note = context.Notes.Inside();
        await work().ConfigureAwait(false);
    }

    private void Inside(Action work)
    {
        using var note = context.Notes.Inside();
        work();
    }

    private T Inside<T>(Func<T> work)
    {
        using var note = context.Notes.Inside();
        return work();
    }

    /// <summary>What a plugin does before its first <c>await</c> may take forever, and must not block a thread that
    /// others wait for. Values local to the host's own flow, down to where it loads assemblies from, do not concern the
    /// plugin.</summary>
    private static Task OnThreadOfItsOwnAsync(Func<Task> start)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Factory
                .StartNew(start, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .Unwrap();
        }
    }

    private static async Task DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (instance as IDisposable)?.Dispose();
    }

    /// <summary>The name of the assembly that could not be found, if that is the cause.</summary>
    private static string? MissingAssembly(Exception exception) =>
        Root(exception) is FileNotFoundException { FileName: { } missing }
            && missing.Contains("Version=", StringComparison.Ordinal)
            ? missing
            : null;

    private static string EndOf(Task starting)
    {
        if (!starting.IsCompleted)
            return "What it has begun cannot be stopped from outside";
        return starting.Exception?.InnerException is { } stopped && ExceptionText.PlaceOf(stopped) is { } place
            ? $"It was stopped at {place}"
            : "It was stopped";
    }

    private static Exception Root(Exception exception)
    {
        while (exception is TypeInitializationException or TargetInvocationException
            && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    /// <summary>Runs a step and waits for it, at most the drain timeout.</summary>
    private async Task AttemptAsync(string whenItTakesTooLong, string? held, Func<Task> step)
    {
        Task? running = null;
        try
        {
            running = step();
            await running.WaitAsync(timeouts.Drain, timeouts.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException) when (running is { IsFaulted: false })
        {
            _isStuck = true;
            if (held is not null)
                _ = version.AwaitEndOfAsync(held, running);
            PluginLog.NotRetired(logger, source.Id, version.Number, whenItTakesTooLong, timeouts.Drain);
        }
        catch (Exception exception)
        {
            PluginLog.RetireFailed(logger, source.Id, version.Number, ExceptionText.Describe(exception));
        }
    }
}
