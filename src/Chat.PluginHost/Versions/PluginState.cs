namespace Chat.PluginHost.Versions;

/// <summary>How far one version of a plugin is on its way.</summary>
public enum PluginState
{
    /// <summary>It serves.</summary>
    Active,

    /// <summary>Taken out: no new line goes into it, and those that are inside it come out.</summary>
    Draining,

    /// <summary>Stopped and let go. Its memory is free once the runtime has collected it, which it does when it needs memory.</summary>
    Unloading,

    /// <summary>Gone from memory.</summary>
    Unloaded,

    /// <summary>Taken out and let go, but still in memory: something holds it. It does nothing any more, as far as the host can see to that.</summary>
    Retired,
}
