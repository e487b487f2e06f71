namespace Chat.Plugins;

/// <summary>
/// Everything a plugin or script can do. In a script its members are in scope as they are: <c>OnMessage(m =&gt; Pass);</c>
/// All that is registered through it is removed with the plugin.
/// </summary>
public interface IPluginContext : IHookRegistry, ICommandRegistry, IChatVoice
{
    /// <summary>The plugin's id: its file name without extension and numeric prefix.</summary>
    string Id { get; }

    /// <summary>The plugin's settings: the JSON file of the plugin's name beside it.</summary>
    IPluginSettings Settings { get; }

    /// <summary>The plugin's own log.</summary>
    IPluginLog Log { get; }

    /// <summary>The host's clock.</summary>
    TimeProvider Clock { get; }

    /// <summary>Set when this version of the plugin is being removed; whatever the plugin has started should then end.</summary>
    CancellationToken Stopping { get; }
}
