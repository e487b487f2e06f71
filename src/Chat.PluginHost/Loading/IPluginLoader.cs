namespace Chat.PluginHost.Loading;

/// <summary>The seam to the library that loads code (docs/explanation/adr/0010-plugin-loader.md). Nothing else in the
/// host knows about load contexts. Safe from any thread.</summary>
internal interface IPluginLoader
{
    /// <summary>Loads a plugin's DLL.</summary>
    /// <param name="plugin">The plugin's files.</param>
    /// <exception cref="PluginLoadException">It is not a plugin, is damaged, or does not fit this host.</exception>
    ILoadedCode Load(PluginSource plugin);

    /// <summary>Loads a compiled script.</summary>
    /// <param name="plugin">The script's files.</param>
    /// <param name="script">The assembly compiled from them.</param>
    /// <exception cref="PluginLoadException">Its files cannot be copied now.</exception>
    ILoadedCode Load(PluginSource plugin, CompiledScript script);
}
