using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Chat.PluginHost.Compiling;

/// <summary>Identifies everything besides a script's own files that decides what it compiles to. Does not load the
/// compiler, which takes long.</summary>
internal static class CompilerIdentity
{
    private const string Compiler = "Microsoft.CodeAnalysis";

    /// <summary>A text that changes if this host, its compiler, the runtime or a default reference changes.</summary>
    public static string Describe()
    {
        var host = typeof(CompilerIdentity).Assembly;
        List<string> parts =
            [RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, Identify(host)];
        parts.AddRange(host.GetReferencedAssemblies()
            .Where(IsCompiler)
            .Select(name => name.FullName)
            .Order(StringComparer.Ordinal));
        parts.AddRange(CompilerFiles().Select(Identify));
        parts.AddRange(DefaultReferences.Load().Select(Identify));
        return string.Join('\n', parts);
    }

    private static bool IsCompiler(AssemblyName name) => name.Name!.StartsWith(Compiler, StringComparison.Ordinal);

    private static string Identify(Assembly assembly) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{assembly.GetName().Name} {assembly.ManifestModule.ModuleVersionId}");

    /// <summary>A replaced compiler has the same name and version, so its files are read. A host published as one file
    /// has no files that could be replaced.</summary>
    private static IEnumerable<string> CompilerFiles() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(file => Path.GetFileName(file).StartsWith(Compiler, StringComparison.Ordinal) && File.Exists(file))
            .Order(StringComparer.Ordinal);

    private static string Identify(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        var version = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {version}");
    }
}
