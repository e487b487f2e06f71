using System.Reflection;

namespace Chat.PluginHost.Loading;

/// <summary>The code of one version of one plugin.</summary>
internal interface ILoadedCode
{
    /// <summary>Loads the plugin's own assembly; once loaded, returns the same. May run code of the plugin, and so take
    /// any time.</summary>
    /// <exception cref="PluginLoadException">It cannot be loaded.</exception>
    Assembly Load();

    /// <summary>A reference that tells whether the code is still in memory, without keeping it there.</summary>
    WeakReference Track();

    bool Has(Assembly assembly);

    /// <summary>Stops calls that do not return; <see langword="null"/> if nothing can, as in a DLL.</summary>
    ScriptCancellation? ScriptCancellation { get; }

    /// <summary>Releases the code. It leaves the memory once nothing refers to it.</summary>
    void Unload();
}
