using System.Reflection;
using System.Runtime.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>The code of one version of one plugin, in a load context of its own.</summary>
internal sealed class LoadedCode
{
    private readonly string _source;
    private readonly AssemblyLoadContext _context;
    private readonly Func<Assembly> _load;
    private readonly ShadowCopy _copy;

    /// <param name="source">The plugin's file name.</param>
    /// <param name="context">The plugin's load context.</param>
    /// <param name="load">Loads the plugin's own assembly into that context.</param>
    /// <param name="copy">The files it runs from; deleted when the code is unloaded.</param>
    public LoadedCode(string source, AssemblyLoadContext context, Func<Assembly> load, ShadowCopy copy)
    {
        (_source, _context, _load, _copy) = (source, context, load, copy);
        PluginContexts.Add(context, source);
    }

    /// <summary>Stops calls that do not return; <see langword="null"/> if nothing can, as in a DLL.</summary>
    public ScriptCancellation? ScriptCancellation { get; init; }

    /// <summary>Loads the plugin's own assembly, once. May run code of the plugin, and so take any time.</summary>
    /// <exception cref="PluginLoadException">It cannot be loaded.</exception>
    public Assembly Load()
    {
        try
        {
            return _load();
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw new PluginLoadException(
                _source, $"the file cannot be loaded: {exception.Message}", "It is tried again when it changes.",
                exception);
        }
    }

    /// <summary>A reference that tells whether the code is still in memory, without keeping it there.</summary>
    public WeakReference Track() => new(_context, trackResurrection: true);

    public bool Has(Assembly assembly) => ReferenceEquals(AssemblyLoadContext.GetLoadContext(assembly), _context);

    /// <summary>Releases the code. It leaves the memory once nothing refers to it.</summary>
    public void Unload()
    {
        _context.Unload();
        _copy.Delete();
    }
}
