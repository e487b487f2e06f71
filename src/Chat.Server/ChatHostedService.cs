using Microsoft.Extensions.Hosting;

namespace Chat.Server;

/// <summary>Starts and stops the parts in order. First the addresses are taken, so that a port in use is reported at
/// once. Then plugins are loaded. Only then can people connect: no line gets past a hook or a guard that is still to
/// come.</summary>
internal sealed class ChatHostedService(
    ChatServer server, IReadOnlyList<ReservedListener> listeners, PluginDirectory plugins, ControlSocket control,
    Banner banner) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await banner.WriteStartingAsync().ConfigureAwait(false);
        await plugins.StartAsync(cancellationToken).ConfigureAwait(false);
        foreach (var listener in listeners)
            await listener.OpenAsync(cancellationToken).ConfigureAwait(false);
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        control.Start();
        await banner.WriteReadyAsync(server).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await banner.WriteStoppingAsync().ConfigureAwait(false);
        await control.DisposeAsync().ConfigureAwait(false);
        await server.StopAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await plugins.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A plugin hangs. The process ends regardless.
        }
    }
}
