namespace Chat.Plugins;

/// <summary>
/// A plugin: a public class with a public parameterless constructor, in a DLL of its own. The host makes one instance per
/// loaded version. A plugin with something to clean up also implements <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/>.
/// </summary>
public interface IChatPlugin
{
    /// <summary>Registers what the plugin does. Nothing takes effect until this has completed; then all of it does, at once.</summary>
    /// <param name="context">The plugin's way into the host; valid until the plugin is removed.</param>
    /// <param name="cancellationToken">Set when the host gives up waiting.</param>
    /// <remarks>An exception refuses this version; the one before it, if any, goes on serving.</remarks>
    ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken);
}
