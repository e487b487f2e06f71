using System.Reflection;
using System.Runtime.Loader;
using Chat.Plugins;

namespace Chat.PluginHost.Loading;

/// <summary>
/// Holds the code of one version of one plugin and can be unloaded. The contract and all it references are the host's; everything
/// else the plugin brings is its own, so two plugins may use two versions of one library.
/// </summary>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    private static readonly Lazy<HashSet<string>> _shared = new(ContractAndItsReferences);

    /// <summary>What the runtime itself brings: a copy beside a plugin, as .NET Standard libraries often have, would be another type of the same name.</summary>
    private static readonly Lazy<HashSet<string>> _framework = new(() =>
        FrameworkFolder is { } folder ? [.. Directory.EnumerateFiles(folder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!)] : []);

    private readonly AssemblyDependencyResolver? _resolver;
    private readonly Lazy<bool> _describesTypes;
    private readonly string? _folder;
    private readonly IReadOnlyDictionary<string, string> _libraries;

    /// <param name="name">A name for debuggers.</param>
    /// <param name="mainFile">The plugin's DLL, from where its dependencies are found; <see langword="null"/> for a script.</param>
    /// <param name="libraries">The DLLs a script asks for: assembly name to absolute path.</param>
    public PluginLoadContext(string name, string? mainFile, IReadOnlyDictionary<string, string> libraries)
        : base(name, isCollectible: true)
    {
        _libraries = libraries;
        _describesTypes = new Lazy<bool>(() => OwnFiles().Any(file => TypeUse.RefersTo(file, "System.ComponentModel", "TypeDescriptor")));
        if (mainFile is not null)
        {
            _folder = Path.GetDirectoryName(mainFile);
            _resolver = new AssemblyDependencyResolver(mainFile);
        }
    }

    /// <summary>Where the runtime's own assemblies lie; <see langword="null"/> when the host is one file with all in it.</summary>
    private static string? FrameworkFolder => Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } folder ? folder : null;

    /// <summary>Whether an assembly is always the host's: the contract with all it refers to, and the framework.</summary>
    /// <param name="name">The assembly's name.</param>
    public static bool IsOfHost(string name) => _shared.Value.Contains(name) || _framework.Value.Contains(name);

    /// <summary>Every assembly of every plugin that is in memory.</summary>
    public static IEnumerable<Assembly> Loaded() => All.OfType<PluginLoadContext>().SelectMany(context => context.Assemblies);

    /// <summary>The file of the plugin that an assembly was loaded for.</summary>
    public static string SourceOf(Assembly assembly) =>
        GetLoadContext(assembly) is PluginLoadContext { Name: { } source } ? source : assembly.GetName().Name ?? "";

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        ResolveLoop.Check(assemblyName.Name);
        if (assemblyName.Name is not { } name || _shared.Value.Contains(name))
            return null;
        if (_framework.Value.Contains(name))
            return IsBetterOwn(name) ? LoadFromAssemblyPath(Path.Combine(FrameworkFolder!, $"{name}.dll")) : null;
        if (_resolver?.ResolveAssemblyToPath(assemblyName) is { } resolved)
            return LoadFromAssemblyPath(resolved);
        if (_folder is not null && Probe(_folder, assemblyName) is { } probed)
            return LoadFromAssemblyPath(probed);
        return LoadBesideScript(name);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    /// <summary>
    /// Whether the plugin is to have its own copy of a framework assembly. What <c>TypeDescriptor</c> has seen it never forgets, and
    /// Newtonsoft.Json shows it every type: in a copy of its own, what it remembers goes with the plugin. <c>netstandard</c> leads
    /// there for libraries that were built for .NET Standard.
    /// </summary>
    private bool IsBetterOwn(string name) => name is "System.ComponentModel.TypeConverter" or "netstandard" && _describesTypes.Value;

    /// <summary>The DLLs that may come to be loaded here.</summary>
    private IEnumerable<string> OwnFiles() => _folder is not null
        ? Directory.EnumerateFiles(_folder, "*.dll", SearchOption.AllDirectories)
        : _libraries.Values.Select(library => Path.GetDirectoryName(library)!).Distinct().SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"));

    private static HashSet<string> ContractAndItsReferences()
    {
        var shared = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<Assembly>([typeof(IChatPlugin).Assembly]);
        while (open.TryDequeue(out var assembly))
        {
            if (!shared.Add(assembly.GetName().Name!))
                continue;
            foreach (var reference in assembly.GetReferencedAssemblies())
                open.Enqueue(Default.LoadFromAssemblyName(reference));
        }

        return shared;
    }

    /// <summary>For folders without a <c>deps.json</c>: beside the plugin, satellites in a folder of their culture.</summary>
    private static string? Probe(string folder, AssemblyName assemblyName)
    {
        var path = Path.Combine(folder, assemblyName.CultureName ?? "", $"{assemblyName.Name}.dll");
        return File.Exists(path) ? path : null;
    }

    /// <summary>From memory, as these lie in the drop folder and must not be locked there.</summary>
    private Assembly? LoadBesideScript(string name)
    {
        var path = _libraries.TryGetValue(name, out var known)
            ? known
            : _libraries.Values.Select(library => Path.Combine(Path.GetDirectoryName(library)!, $"{name}.dll")).FirstOrDefault(File.Exists);
        if (path is null)
            return null;
        using var assembly = new MemoryStream(File.ReadAllBytes(path));
        var symbolsFile = Path.ChangeExtension(path, ".pdb");
        if (!File.Exists(symbolsFile))
            return LoadFromStream(assembly);
        using var symbols = new MemoryStream(File.ReadAllBytes(symbolsFile));
        return LoadFromStream(assembly, symbols);
    }
}
