namespace Chat.PluginHost.Watching;

/// <summary>What a plugin is made of.</summary>
internal enum PluginKind
{
    /// <summary>A compiled assembly.</summary>
    Dll,

    Script,
}
