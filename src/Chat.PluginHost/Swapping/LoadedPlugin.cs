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
    private readonly ConcurrentQueue<object> _instances = [];

    public PluginUnit Unit => unit;

    public int Version => version;

    public Registration Registration => registration;

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
            throw new PluginLoadException($"{unit.Source}: it did not finish starting within {options.StartTimeout.TotalSeconds:0.###} s.", exception);
        }
        catch (PluginLoadException)
        {
            throw;
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
            _timers.Add(timer.RunAsync(context.Stopping));
    }

    /// <summary>Stops the plugin and lets go of its code. Never throws.</summary>
    /// <param name="drained">Completes when no line uses it any more.</param>
    public async Task RetireAsync(Task drained)
    {
        try
        {
            context.Retire();
            await Task.WhenAll([drained, .. _timers]).WaitAsync(options.DrainTimeout, options.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            PluginLog.NotDrained(logger, unit.Id, version, options.DrainTimeout);
        }
        catch (Exception exception)
        {
            PluginLog.RetireFailed(logger, unit.Id, version, ExceptionText.Describe(exception));
        }

        while (_instances.TryDequeue(out var instance))
            await DisposeAsync(instance).ConfigureAwait(false);
        _timers.Clear();
        context.Dispose();
        code.Unload();
    }

    private async Task DisposeAsync(object instance)
    {
        try
        {
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().AsTask().WaitAsync(options.DrainTimeout, options.Clock).ConfigureAwait(false);
            else
                (instance as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            PluginLog.RetireFailed(logger, unit.Id, version, ExceptionText.Describe(exception));
        }
    }
}
