using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>The load contexts of all plugins of the process, for as long as they are in memory, and the plugins they
/// belong to. Keeps none of them in memory. Safe from any thread.</summary>
internal static class PluginContexts
{
    private static readonly ConditionalWeakTable<AssemblyLoadContext, string> _sources = [];

    public static void Add(AssemblyLoadContext context, string source) => _sources.Add(context, source);

    /// <summary>Every assembly of every plugin that is in memory.</summary>
    public static IEnumerable<Assembly> Loaded() => _sources.SelectMany(each => each.Key.Assemblies);

    /// <summary>The file name of the plugin that an assembly was loaded for; else the assembly's own name.</summary>
    public static string SourceOf(Assembly assembly) =>
        AssemblyLoadContext.GetLoadContext(assembly) is { } context && _sources.TryGetValue(context, out var source)
            ? source
            : assembly.GetName().Name ?? "";
}
