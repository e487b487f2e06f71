using System.Reflection;

namespace Chat.PluginHost.Loading;

/// <summary>The code of one version of one plugin.</summary>
internal interface ILoadedCode
{
    /// <summary>The plugin's own assembly.</summary>
    Assembly Assembly { get; }

    /// <summary>Stops what runs in it and does not come back; <see langword="null"/> when nothing can, as in a DLL.</summary>
    RunawayStop? RunawayStop { get; }

    /// <summary>Lets go of the code. It is gone from memory once nothing refers to it any more.</summary>
    void Unload();
}
