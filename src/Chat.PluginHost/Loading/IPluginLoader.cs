namespace Chat.PluginHost.Loading;

/// <summary>The seam to the library that loads code (docs/explanation/adr/0010-plugin-loader.md). Nothing else in the
/// host knows about load contexts. Safe from any thread.</summary>
internal interface IPluginLoader
{
    /// <summary>Loads a plugin's DLL.</summary>
    /// <exception cref="PluginLoadException">It is not a plugin, is damaged, or does not fit this host.</exception>
    LoadedCode Load(PluginSource plugin);

    /// <summary>Loads a compiled script.</summary>
    /// <exception cref="PluginLoadException">Its files cannot be copied now.</exception>
    LoadedCode Load(PluginSource plugin, CompiledScript script);
}
