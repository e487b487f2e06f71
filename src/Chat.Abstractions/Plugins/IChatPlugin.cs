namespace Chat.Plugins;

/// <summary>A plugin: a public class with a public parameterless constructor, in its own DLL. The host creates one
/// instance per loaded version. A plugin that needs to clean up also implements <see cref="IAsyncDisposable"/> or
/// <see cref="IDisposable"/>.</summary>
public interface IChatPlugin
{
    /// <summary>Registers hooks, commands and timers. They take effect together when the returned task
    /// completes.</summary>
    /// <param name="context">The plugin's access to the host; valid until the plugin is removed.</param>
    /// <param name="cancellationToken">Canceled when the host stops waiting for the plugin to start.</param>
    /// <remarks>If it throws, this version is rejected and the previous one, if any, stays active.</remarks>
    ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken);
}
