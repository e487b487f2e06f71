using System.Reflection;
using System.Runtime.Loader;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Loading;

/// <summary>Loads plugins into a collectible context each, DLLs from a copy of their own.</summary>
internal sealed class ContextLoader(ShadowFolder shadow, ILogger logger) : IPluginLoader
{
    public ILoadedCode Load(PluginSource unit)
    {
        PluginImage.Check(unit);
        foreach (var stray in unit.Files.Where(file => string.Equals(Path.GetFileName(file), PluginScanner.ContractFile, StringComparison.OrdinalIgnoreCase)))
            PluginLog.StrayContract(logger, unit.Source, stray);

        var copy = shadow.Copy(unit);
        var main = Path.Combine(copy, Path.GetRelativePath(unit.Root, unit.MainFile));
        try
        {
            return new CopiedCode(unit, new PluginLoadContext(unit.Source, main, new Dictionary<string, string>()), main, copy);
        }
        catch (InvalidOperationException exception)
        {
            ShadowFolder.TryDelete(copy);
            throw new PluginLoadException($"{unit.Source}: what it needs, by its .deps.json, cannot be had: {exception.Message.ReplaceLineEndings(" ")} Copy the plugin's whole output folder.", exception);
        }
    }

    public ILoadedCode Load(PluginSource unit, CompiledScript script)
    {
        var context = new PluginLoadContext(unit.Source, mainFile: null, script.Libraries);
        using var assembly = new MemoryStream(script.Assembly);
        using var symbols = new MemoryStream(script.Symbols);
        var loaded = context.LoadFromStream(assembly, symbols);
        return new LoadedCode(context, loaded) { ScriptCancellation = ScriptCancellation.Attach(loaded) };
    }

    private sealed class LoadedCode(PluginLoadContext context, Assembly assembly) : ILoadedCode
    {
        public Assembly Load() => assembly;

        public WeakReference Track() => new(context, trackResurrection: true);

        public bool Has(Assembly assembly) => ReferenceEquals(AssemblyLoadContext.GetLoadContext(assembly), context);

        public ScriptCancellation? ScriptCancellation { get; init; }

        public void Unload() => context.Unload();
    }
}
