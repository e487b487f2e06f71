using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Chat.PluginHost.Compiling;

/// <summary>Identifies everything besides a script's own files that decides what it compiles to. Does not load the
/// compiler, which takes long.</summary>
internal static class CompilerIdentity
{
    /// <summary>A text that changes if this host, its compiler, the runtime or a default reference changes. A replaced
    /// compiler has the same name and version, so its files are read.</summary>
    public static string Describe()
    {
        var host = typeof(CompilerIdentity).Assembly;
        var compiler = host.GetReferencedAssemblies().Select(name => name.FullName).Where(IsCompiler);
        return string.Join('\n', [
            RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, Identify(host),
            .. compiler.Order(StringComparer.Ordinal),
            .. BundledAssemblies.Files.Where(file => IsCompiler(Path.GetFileName(file)) && File.Exists(file))
                .Order(StringComparer.Ordinal).Select(Identify),
            .. DefaultReferences.Load().Select(Identify)]);
    }

    private static bool IsCompiler(string name) => name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal);

    private static string Identify(Assembly assembly) =>
        $"{assembly.GetName().Name} {assembly.ManifestModule.ModuleVersionId}";

    private static string Identify(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return $"{Path.GetFileName(file)} {metadata.GetGuid(metadata.GetModuleDefinition().Mvid)}";
    }
}
