using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>Loads plugins with McMaster.NETCore.Plugins, each into its own context, from a copy of its files.</summary>
internal sealed class McMasterLoader(ShadowFolder shadow, ILogger logger) : IPluginLoader
{
    /// <summary>One for the process: a context that is not collectible stays in memory for good.</summary>
    private static readonly HostContext _host = new();

    public LoadedCode Load(PluginSource plugin)
    {
        var (assembly, problem) = AssemblyFile.Read(plugin.MainFile);
        if ((problem ?? LoadRules.Check(assembly!).FirstOrDefault()) is { } refusal)
            throw new PluginLoadException([refusal]);
        foreach (var stray in plugin.Files.Where(PluginScanner.IsContract))
            PluginLog.StrayContract(logger, plugin.Source, stray);

        return LoadFromCopy(plugin, (copy, main) =>
        {
            var files = Directory.EnumerateFiles(Path.GetDirectoryName(main)!, "*.dll", SearchOption.AllDirectories);
            var context = Build(main, copy, files, static _ => { });
            return new LoadedCode(plugin.Source, context, () => context.LoadFromAssemblyPath(main), copy);
        });
    }

    public LoadedCode Load(PluginSource plugin, CompiledScript script) => LoadFromCopy(plugin, (copy, main) =>
    {
        // The DLLs a script refers to, and those beside them, stay in the drop folder: they are read into memory, so
        // that nothing is locked there. What is the host's own file is the host's own assembly.
        var libraries = script.Libraries.Where(library => !HostAssemblies.IsFileOfHost(library.Value)).ToList();
        foreach (var (name, file) in libraries.Where(each => Path.GetFileNameWithoutExtension(each.Value) != each.Key))
            copy.Add(file, $"{name}.dll");
        var folders = libraries.Select(library => Path.GetDirectoryName(library.Value)!).Distinct().ToList();
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"));
        var context = Build(main, copy, files, builder =>
        {
            builder.PreloadAssembliesIntoMemory().ShadowCopyNativeLibraries();
            folders.ForEach(folder => builder.AddProbingPath(folder));
        });
        using var assembly = new MemoryStream(script.Assembly);
        using var symbols = new MemoryStream(script.Symbols);
        var loaded = context.LoadFromStream(assembly, symbols);
        var cancellation = ScriptCancellation.Attach(loaded);
        return new LoadedCode(plugin.Source, context, () => loaded, copy) { ScriptCancellation = cancellation };
    });

    private LoadedCode LoadFromCopy(PluginSource plugin, Func<ShadowCopy, string, LoadedCode> load)
    {
        var copy = shadow.Copy(plugin);
        LoadedCode? code = null;
        try
        {
            return code = load(copy, Path.Combine(copy.Folder, Path.GetRelativePath(plugin.Root, plugin.MainFile)));
        }
        catch (InvalidOperationException exception)
        {
            throw new PluginLoadException(
                plugin.Source, $"its .deps.json cannot be used: {exception.Message.ReplaceLineEndings(" ")}",
                "Copy the plugin's whole output folder.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw shadow.CannotCopy(plugin, copy, exception);
        }
        finally
        {
            if (code is null)
                copy.Delete();
        }
    }

    private static AssemblyLoadContext Build(
        string main, ShadowCopy copy, IEnumerable<string> brought, Action<AssemblyLoadContextBuilder> configure)
    {
        var files = brought.ToList();

        // Lazy while the names are given: otherwise the builder loads all that they refer to, some of which does not
        // exist. Not lazy afterwards: otherwise the context adds to its list of shared names while other threads read
        // it.
        var builder = new AssemblyLoadContextBuilder()
            .SetMainAssemblyPath(main).EnableUnloading().SetDefaultContext(_host).IsLazyLoaded(true);
        foreach (var name in HostAssemblies.SharedWith(files))
            builder.PreferDefaultLoadContextAssembly(new AssemblyName(name));
        foreach (var name in PrivateCopies.AddTo(copy, Path.GetDirectoryName(main)!, files))
            builder.PreferLoadContextAssembly(new AssemblyName(name));
        configure(builder);
        var context = builder.IsLazyLoaded(false).Build();
        context.Resolving += (_, missing) =>
        {
            ResolveLoop.Check(missing.Name);
            return copy.Restore() ? context.LoadFromAssemblyName(missing) : null;
        };
        context.ResolvingUnmanagedDll += (user, missing) =>
            copy.Restore() && NativeLibrary.TryLoad(missing, user, null, out var library) ? library : 0;
        return context;
    }
}
