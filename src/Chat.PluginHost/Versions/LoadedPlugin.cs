using System.Collections.Concurrent;
using System.Reflection;
using Chat.Engine.Diagnostics;
using Chat.Engine.Registrations;
using Chat.PluginHost.Context;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Settings;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Versions;

/// <summary>One version of one plugin, from its start to its end. Everything it holds ends with it.</summary>
internal sealed class LoadedPlugin(PluginSource unit, PluginVersion version, ILoadedCode code, PluginContext context, Registration registration, ILogger logger, PluginTimeouts timeouts)
{
    private static readonly TimeSpan _timeToEnd = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<object> _instances = [];
    private bool _isStuck, _wasStopped;

    public PluginSource Unit => unit;

    public PluginVersion Version => version;

    public Registration Registration => registration;

    public PluginContext Context => context;

    /// <summary>Tells, once the plugin has been taken out, whether its code is still in memory.</summary>
    public WeakReference WatchCode() => code.Track();

    /// <summary>Whether an assembly was loaded for this version.</summary>
    public bool Has(Assembly assembly) => code.Has(assembly);

    /// <summary>Lets code run again that was stopped when all its hooks went out of use: it is about to save, to take settings or to clean up.</summary>
    public void LetRun() => _wasStopped |= code.ScriptCancellation?.StopAllEnded() ?? false;

    /// <summary>Loads the plugin's code and runs its own start. Nothing of it takes effect yet.</summary>
    /// <exception cref="PluginLoadException">It failed, or took too long.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        version.Follow(code.Track(), context);
        var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = OnThreadOfItsOwnAsync(() => EnterAsync(giveUp.Token));
        try
        {
            await starting.WaitAsync(timeouts.Start, timeouts.Clock, cancellationToken).ConfigureAwait(false);
            context.Close();
        }
        catch (TimeoutException exception) when (!starting.IsFaulted)
        {
            _ = version.AwaitEndOfAsync("its start, which has not returned", starting);

            // What it has registered on the token runs on the pool, and may not return either.
            _ = giveUp.CancelAsync();
            code.ScriptCancellation?.StopForGood();
            await Task.WhenAny(starting, Task.Delay(_timeToEnd, timeouts.Clock, cancellationToken)).ConfigureAwait(false);
            var place = starting is { IsFaulted: true, Exception.InnerException: { } stopped } ? ExceptionText.PlaceOf(stopped) : null;
            var rest = starting.IsCompleted ? $"It was stopped{(place is null ? "" : $" at {place}")}" : "What it has begun cannot be stopped from outside";
            throw new PluginLoadException($"{unit.Source}: it did not finish starting within {timeouts.Start.TotalSeconds:0.###} s. {rest}; it is tried again when it changes.", exception);
        }
        catch (PluginLoadException)
        {
            throw;
        }
        catch (InvalidSettingException exception)
        {
            throw new PluginLoadException(exception.Message, exception);
        }
        catch (Exception exception) when (Root(exception) is FileNotFoundException { FileName: { } missing } && missing.Contains("Version=", StringComparison.Ordinal))
        {
            throw new PluginLoadException($"{unit.Source}: something it needs is missing: {((FileNotFoundException)Root(exception)).FileName}. Put the missing DLL into the plugin's folder.", exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PluginLoadException($"{unit.Source}: it failed while it was starting: {Cause(exception)}", exception) { HasFailedInStart = true };
        }
    }

    /// <summary>Asks for what the next version is to know. Waits no longer than lines may be held up, and as long as it takes to stop it then.</summary>
    /// <param name="next">The number of the next version.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it has saved; <see langword="null"/> when that is nothing, when it failed, and when it took too long.</returns>
    /// <exception cref="OperationCanceledException">The token was set.</exception>
    public async Task<string?> SaveAsync(int next, CancellationToken cancellationToken)
    {
        LetRun();
        var saving = Task.Run(Save, CancellationToken.None);
        if (await StuckLines.EndsAsync(saving, registration, timeouts, cancellationToken).ConfigureAwait(false))
            return await saving.ConfigureAwait(false);
        _ = version.AwaitEndOfAsync("its saving, which does not end", saving);
        PluginLog.NotSavedInTime(logger, unit.Id, version.Number, timeouts.HandOver, next);
        return null;
    }

    /// <summary>Hands over what the version before has saved. Called once it has started, and before it goes live.</summary>
    /// <exception cref="PluginLoadException">It refuses the text, or took too long.</exception>
    public async Task RestoreAsync(string state, CancellationToken cancellationToken)
    {
        var restoring = Task.Run(() => Restore(state), CancellationToken.None);
        if (!await StuckLines.EndsAsync(restoring, registration, timeouts, cancellationToken).ConfigureAwait(false))
        {
            _ = version.AwaitEndOfAsync("its restoring, which does not end", restoring);
            throw new PluginLoadException($"{unit.Source}: it did not take over the state of the version before it within {timeouts.HandOver.TotalSeconds:0.###} s. It is tried again when it changes.");
        }

        await restoring.ConfigureAwait(false);
    }

    /// <summary>Starts what runs by itself. Called once the registration is in the server.</summary>
    public void GoLive()
    {
        version.GoLive(registration.Contents);
        context.GoLive();
    }

    /// <summary>Stops the plugin and lets go of its code. Never throws, and waits for no step longer than the drain timeout.</summary>
    /// <param name="drained">Completes when no line uses it any more.</param>
    public async Task RetireAsync(Task drained)
    {
        LetRun();

        // No tick begins any more; its lines, observers and ticks under way end as they began; then it is told to stop.
        await AttemptAsync("lines or timers are still inside it", "lines or timers that are still inside it", () => drained).ConfigureAwait(false);
        await AttemptAsync("it does not take notice that it is to stop", null, StopAsync).ConfigureAwait(false);
        await AttemptAsync("its background tasks go on", null, context.WhenEndedAsync).ConfigureAwait(false);
        while (_instances.TryDequeue(out var instance))
            await AttemptAsync("its cleaning up does not end", "its cleaning up, which does not end", () => Task.Run(() => CleanUpAsync(instance))).ConfigureAwait(false);
        context.Revoke();
        version.Enter(PluginState.Unloading);
        if (_isStuck || _wasStopped)
            code.ScriptCancellation?.StopForGood();
        await AttemptAsync("its code does not let go", "what it does when it is unloaded", () => Task.Run(Unload)).ConfigureAwait(false);
    }

    private async Task EnterAsync(CancellationToken giveUp)
    {
        using var note = context.Notes.Inside();
        await PluginActivator.StartAsync(unit, code.Load(), context, _instances, giveUp).ConfigureAwait(false);
    }

    private string? Save()
    {
        using var note = context.Notes.Inside();
        return context.SaveState();
    }

    private void Restore(string state)
    {
        using var note = context.Notes.Inside();
        context.RestoreState(state);
    }

    private async Task StopAsync()
    {
        using var note = context.Notes.Inside();
        await context.RetireAsync().ConfigureAwait(false);
    }

    private async Task CleanUpAsync(object instance)
    {
        using var note = context.Notes.Inside();
        await DisposeAsync(instance).ConfigureAwait(false);
    }

    private void Unload()
    {
        using var note = context.Notes.Inside();
        code.Unload();
    }

    /// <summary>
    /// What a plugin does before its first <c>await</c> may take for ever, and is then to take no thread that others wait for. What
    /// is local to the host's own flow, down to where it loads assemblies from, is none of the plugin's.
    /// </summary>
    private static Task OnThreadOfItsOwnAsync(Func<Task> start)
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Factory.StartNew(start, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    private static async Task DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (instance as IDisposable)?.Dispose();
    }

    /// <summary>A static constructor's own exception says more than that there was one.</summary>
    private static string Cause(Exception exception) => ExceptionText.Describe(Root(exception));

    private static Exception Root(Exception exception)
    {
        while (exception is TypeInitializationException or System.Reflection.TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    /// <summary>Does a step and waits for it, but not without end.</summary>
    /// <param name="whenItTakesTooLong">What to log then.</param>
    /// <param name="held">What holds the plugin then; <see langword="null"/> when the context knows.</param>
    /// <param name="step">The step.</param>
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
            PluginLog.NotRetired(logger, unit.Id, version.Number, whenItTakesTooLong, timeouts.Drain);
        }
        catch (Exception exception)
        {
            PluginLog.RetireFailed(logger, unit.Id, version.Number, ExceptionText.Describe(exception));
        }
    }
}
