using System.Reflection;
using Chat.PluginHost.Diagnostics;

namespace Chat.PluginHost.Loading;

/// <summary>The code of one version of one plugin.</summary>
internal interface ILoadedCode
{
    /// <summary>Loads the plugin's own assembly, or gives it if it is loaded. May run code of the plugin, and so take any time.</summary>
    /// <exception cref="PluginLoadException">It cannot be loaded.</exception>
    Assembly Load();

    /// <summary>A reference that says whether the code is still in memory, without keeping it there.</summary>
    WeakReference Track();

    /// <summary>Whether an assembly was loaded for it.</summary>
    bool Has(Assembly assembly);

    /// <summary>Stops what runs in it and does not come back; <see langword="null"/> when nothing can, as in a DLL.</summary>
    ScriptCancellation? ScriptCancellation { get; }

    /// <summary>Lets go of the code. It is gone from memory once nothing refers to it any more.</summary>
    void Unload();
}
