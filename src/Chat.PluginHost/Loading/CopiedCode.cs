using System.Reflection;
using System.Runtime.Loader;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Loading;

/// <summary>A plugin's DLL, which runs from a copy of its files.</summary>
/// <param name="unit">The plugin as it lies in the folder.</param>
/// <param name="context">Where it is loaded.</param>
/// <param name="main">The copy of its DLL.</param>
/// <param name="copy">The folder of the copy; deleted with it.</param>
internal sealed class CopiedCode(PluginSource unit, PluginLoadContext context, string main, string copy) : ILoadedCode
{
    public ScriptCancellation? ScriptCancellation => null;

    public Assembly Load()
    {
        try
        {
            return context.LoadFromAssemblyPath(main);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            throw new PluginLoadException($"{unit.Source}: the file cannot be loaded: {exception.Message} It is tried again when it changes.", exception);
        }
    }

    public WeakReference Track() => new(context, trackResurrection: true);

    public bool Has(Assembly assembly) => ReferenceEquals(AssemblyLoadContext.GetLoadContext(assembly), context);

    public void Unload()
    {
        context.Unload();
        ShadowFolder.TryDelete(copy);
    }
}
