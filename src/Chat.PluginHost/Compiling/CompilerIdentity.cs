using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Chat.PluginHost.Compiling;

/// <summary>Everything besides a script's own files that decides what is made of it. Found out without the compiler, which is dear to load.</summary>
internal static class CompilerIdentity
{
    private const string Compiler = "Microsoft.CodeAnalysis";

    /// <summary>This host, its compiler and weaver, the runtime and the default references, as a text that changes when one of them does.</summary>
    public static string Describe()
    {
        var host = typeof(CompilerIdentity).Assembly;
        List<string> parts = [RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier, Identify(host)];
        parts.AddRange(host.GetReferencedAssemblies().Where(IsCompiler).Select(name => name.FullName).Order(StringComparer.Ordinal));
        parts.AddRange(CompilerFiles().Select(Identify));
        parts.AddRange(DefaultReferences.Load().Select(Identify));
        return string.Join('\n', parts);
    }

    private static bool IsCompiler(AssemblyName name) => name.Name!.StartsWith(Compiler, StringComparison.Ordinal);

    private static string Identify(Assembly assembly) =>
        string.Create(CultureInfo.InvariantCulture, $"{assembly.GetName().Name} {assembly.ManifestModule.ModuleVersionId}");

    /// <summary>A compiler that was exchanged has the name and version the host was built with. In a single-file host there are no files, and nothing to exchange.</summary>
    private static IEnumerable<string> CompilerFiles() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(file => Path.GetFileName(file).StartsWith(Compiler, StringComparison.Ordinal) && File.Exists(file))
            .Order(StringComparer.Ordinal);

    private static string Identify(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {metadata.GetGuid(metadata.GetModuleDefinition().Mvid)}");
    }
}
