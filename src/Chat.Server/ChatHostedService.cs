using Chat.Engine;
using Chat.PluginHost;
using Chat.Server.Control;
using Microsoft.Extensions.Hosting;

namespace Chat.Server;

/// <summary>Starts and stops the parts in their order: addresses first, so that a taken port is known at once; people last, so that no line misses a hook.</summary>
internal sealed class ChatHostedService(ChatServer server, PluginDirectory plugins, ControlSocket control, Banner banner) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.BindAsync(cancellationToken).ConfigureAwait(false);
        await plugins.StartAsync(cancellationToken).ConfigureAwait(false);
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        control.Start();
        await banner.WriteAsync(server).ConfigureAwait(false);
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
            // A plugin does not end; the process does.
        }
    }
}
