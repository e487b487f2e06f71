using System.Collections.Concurrent;
using Chat.Engine.Registrations;
using Chat.Engine.Telemetry;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Swapping;

/// <summary>One version of one plugin, from its start to its end. Everything it holds ends with it.</summary>
internal sealed class LoadedPlugin(PluginUnit unit, int version, ILoadedCode code, PluginContext context, Registration registration, ILogger logger, PluginHostOptions options)
{
    private readonly List<Task> _timers = [];
    private readonly CancellationTokenSource _replaced = new();
    private readonly ConcurrentQueue<object> _instances = [];

    public PluginUnit Unit => unit;

    public int Version => version;

    public Registration Registration => registration;

    public int TimerCount => context.Timers.Count;

    /// <summary>Tells, once the plugin has been taken out, whether its code is still in memory.</summary>
    public WeakReference WatchCode() => new(code.Assembly, trackResurrection: true);

    /// <summary>Runs the plugin's own start. Nothing of it takes effect yet.</summary>
    /// <exception cref="PluginLoadException">It failed, or took too long.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var starting = Task.Run(() => PluginEntry.StartAsync(unit, code.Assembly, context, _instances, giveUp.Token), CancellationToken.None);
            await starting.WaitAsync(options.StartTimeout, options.Clock, cancellationToken).ConfigureAwait(false);
            context.Close();
        }
        catch (TimeoutException exception)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            throw new PluginLoadException($"{unit.Source}: it did not finish starting within {options.StartTimeout.TotalSeconds:0.###} s. What it has begun cannot be stopped from outside; it is tried again when it changes.", exception);
        }
        catch (PluginLoadException)
        {
            throw;
        }
        catch (Exception exception) when (exception is FileNotFoundException { FileName: { } missing } && missing.Contains("Version=", StringComparison.Ordinal))
        {
            throw new PluginLoadException($"{unit.Source}: something it needs is missing: {((FileNotFoundException)exception).FileName}. Put the missing DLL into the plugin's folder.", exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PluginLoadException($"{unit.Source}: it failed while it was starting: {ExceptionText.Describe(exception)}", exception);
        }
    }

    /// <summary>Starts what runs by itself. Called once the registration is in the server.</summary>
    public void GoLive()
    {
        foreach (var timer in context.Timers)
            _timers.Add(timer.RunAsync(_replaced.Token));
    }

    /// <summary>Stops the plugin and lets go of its code. Never throws, and waits for no step longer than the drain timeout.</summary>
    /// <param name="drained">Completes when no line uses it any more.</param>
    public async Task RetireAsync(Task drained)
    {
        // No tick begins any more; its lines and ticks under way end as they began; then it is told to stop.
        _replaced.Cancel();
        await AttemptAsync("lines are still inside it", () => drained).ConfigureAwait(false);
        await AttemptAsync("it does not take notice that it is to stop", () => Task.Run(context.Retire)).ConfigureAwait(false);
        await AttemptAsync("its timers go on", () => Task.WhenAll(_timers)).ConfigureAwait(false);
        while (_instances.TryDequeue(out var instance))
            await AttemptAsync("its cleaning up does not end", () => Task.Run(() => DisposeAsync(instance))).ConfigureAwait(false);
        _timers.Clear();
        await AttemptAsync("its code does not let go", () => Task.Run(code.Unload)).ConfigureAwait(false);
    }

    private static async Task DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            (instance as IDisposable)?.Dispose();
    }

    private async Task AttemptAsync(string whenItTakesTooLong, Func<Task> step)
    {
        try
        {
            await step().WaitAsync(options.DrainTimeout, options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            PluginLog.NotRetired(logger, unit.Id, version, whenItTakesTooLong, options.DrainTimeout);
        }
        catch (Exception exception)
        {
            PluginLog.RetireFailed(logger, unit.Id, version, ExceptionText.Describe(exception));
        }
    }
}
