using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Watching;
using Chat.Plugins;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Loading;

/// <summary>Loads plugins into a collectible context each, DLLs from a copy of their own.</summary>
internal sealed class ContextLoader(ShadowFolder shadow, ILogger logger) : IPluginLoader
{
    private static readonly AssemblyName _contract = typeof(IChatPlugin).Assembly.GetName();

    public ILoadedCode Load(PluginUnit unit)
    {
        Check(unit);
        foreach (var stray in unit.Files.Where(file => string.Equals(Path.GetFileName(file), PluginScanner.ContractFile, StringComparison.OrdinalIgnoreCase)))
            PluginLog.StrayContract(logger, unit.Source, stray);

        var copy = shadow.Copy(unit);
        var main = Path.Combine(copy, Path.GetRelativePath(unit.Root, unit.MainFile));
        PluginLoadContext? context = null;
        try
        {
            context = new PluginLoadContext(unit.Source, main, new Dictionary<string, string>());
            return new LoadedCode(context, context.LoadFromAssemblyPath(main), copy);
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException)
        {
            context?.Unload();
            ShadowFolder.TryDelete(copy);
            throw new PluginLoadException($"{unit.Source}: the file cannot be loaded: {exception.Message} It is tried again when it changes.", exception);
        }
        catch (InvalidOperationException exception)
        {
            ShadowFolder.TryDelete(copy);
            throw new PluginLoadException($"{unit.Source}: what it needs, by its .deps.json, cannot be had: {exception.Message.ReplaceLineEndings(" ")} Copy the plugin's whole output folder.", exception);
        }
    }

    public ILoadedCode Load(PluginUnit unit, CompiledScript script)
    {
        var context = new PluginLoadContext(unit.Source, mainFile: null, script.Libraries);
        using var assembly = new MemoryStream(script.Assembly);
        using var symbols = new MemoryStream(script.Symbols);
        var loaded = context.LoadFromStream(assembly, symbols);
        return new LoadedCode(context, loaded, copy: null) { RunawayStop = RunawayStop.Attach(loaded) };
    }

    /// <summary>Looks into the file before any of its code is loaded.</summary>
    private static void Check(PluginUnit unit)
    {
        try
        {
            using var stream = File.OpenRead(unit.MainFile);
            using var image = new PEReader(stream, PEStreamOptions.PrefetchEntireImage);
            if (!image.HasMetadata)
                throw new PluginLoadException($"{unit.Source}: this is a native library, not a .NET assembly. Put native libraries into the folder of the plugin that uses them.");
            var metadata = image.GetMetadataReader();
            var built = metadata.AssemblyReferences
                .Select(metadata.GetAssemblyReference)
                .Where(reference => metadata.StringComparer.Equals(reference.Name, _contract.Name!))
                .Select(reference => reference.Version)
                .FirstOrDefault();
            if (built is null)
                throw new PluginLoadException($"{unit.Source}: there is no plugin in it: it does not refer to {_contract.Name}. If another plugin needs it, put both into a folder named after that plugin.");
            if (built.Major != _contract.Version!.Major || built > _contract.Version)
                throw new PluginLoadException($"{unit.Source}: it was built for {_contract.Name} {built.ToString(3)}, but this host has {_contract.Version.ToString(3)}. Build it against that version, or update the host.");
        }
        catch (BadImageFormatException exception)
        {
            throw new PluginLoadException($"{unit.Source}: this is not a .NET assembly, or only a part of one ({new FileInfo(unit.MainFile).Length} bytes). If it is still being copied, it is tried again when that has ended.", exception);
        }
        catch (IOException exception)
        {
            throw new PluginLoadException($"{unit.Source}: the file cannot be read: {exception.Message} It is tried again when it changes.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new PluginLoadException($"{unit.Source}: the host may not read this file. Check its owner and mode.", exception);
        }
    }

    private sealed class LoadedCode(PluginLoadContext context, Assembly assembly, string? copy) : ILoadedCode
    {
        public Assembly Assembly => assembly;

        public RunawayStop? RunawayStop { get; init; }

        public void Unload()
        {
            context.Unload();
            if (copy is not null)
                ShadowFolder.TryDelete(copy);
        }
    }
}
