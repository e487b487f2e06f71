using System.Reflection;
using System.Runtime.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>The assemblies that a plugin always takes from the host, whatever copies it brings: the contract with
/// everything it refers to, and the framework. Safe from any thread.</summary>
internal static class HostAssemblies
{
    /// <summary>Parts of the framework that no project can refer to: they are not in the build's list.</summary>
    private const string PrivatePrefix = "System.Private.";

    private static readonly Lazy<HashSet<string>> _contract = new(ContractAndItsReferences);

    /// <summary>Named by the build, since a host published as one file has no framework folder to look into.</summary>
    private static readonly HashSet<string> _framework = new(
        typeof(HostAssemblies).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(each => each.Key == "FrameworkAssemblies").Value!.Split(';'),
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> _fileNames = new(
        BundledAssemblies.Files.Select(file => Path.GetFileNameWithoutExtension(file)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder of the runtime's own assemblies; <see langword="null"/> if they are inside the host's
    /// file.</summary>
    public static string? FrameworkFolder =>
        Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } folder ? folder : null;

    /// <summary>Whether plugins always take an assembly from the host.</summary>
    public static bool Contains(string name) => _contract.Value.Contains(name) || IsFramework(name);

    /// <summary>Whether the host has an assembly that a plugin gets if it brings no copy of its own.</summary>
    public static bool HasCopyOf(string name) =>
        _fileNames.Contains(name) || (BundledAssemblies.Exist && BundledAssemblies.Find(name) is not null);

    /// <summary>Whether a file is one of the host's own assemblies.</summary>
    public static bool IsFileOfHost(string file) => BundledAssemblies.Files.Contains(file);

    /// <summary>The names to share with a plugin: the contract, and the parts of the framework the plugin brings copies
    /// of. The rest of the framework it can find in the host only.</summary>
    public static IEnumerable<string> SharedWith(IEnumerable<string> files) =>
        _contract.Value.Union(files.Select(file => Path.GetFileNameWithoutExtension(file)).Where(IsFramework));

    private static bool IsFramework(string name) =>
        _framework.Contains(name) || name.StartsWith(PrivatePrefix, StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> ContractAndItsReferences()
    {
        var shared = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<Assembly>([typeof(IChatPlugin).Assembly]);
        while (open.TryDequeue(out var assembly))
        {
            if (!shared.Add(assembly.GetName().Name!))
                continue;
            foreach (var reference in assembly.GetReferencedAssemblies())
                open.Enqueue(AssemblyLoadContext.Default.LoadFromAssemblyName(reference));
        }

        return shared;
    }
}
