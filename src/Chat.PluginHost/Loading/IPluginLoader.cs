using Chat.PluginHost.Compiling;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Loading;

/// <summary>
/// The seam to whatever loads code: this host's own loader, or a library that does the same (docs/explanation/adr/0001). Nothing else in the
/// host knows about load contexts.
/// </summary>
internal interface IPluginLoader
{
    /// <summary>Loads a plugin's DLL.</summary>
    /// <param name="unit">The plugin as it lies in the folder.</param>
    /// <exception cref="PluginLoadException">It is not a plugin, is damaged, or does not fit this host.</exception>
    ILoadedCode Load(PluginSource unit);

    /// <summary>Loads a compiled script.</summary>
    /// <param name="unit">The script as it lies in the folder.</param>
    /// <param name="script">What was compiled from it.</param>
    ILoadedCode Load(PluginSource unit, CompiledScript script);
}
