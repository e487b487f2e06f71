using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;

namespace Chat.PluginHost.Compiling;

/// <summary>The runtime's assemblies as references. Each is read when it is first needed and then kept: the default
/// references refer to many of them. Safe from any thread.</summary>
/// <param name="folder">The folder of the runtime's assemblies; <see langword="null"/> or empty if the host is one
/// file, which has them inside.</param>
internal sealed class PlatformReferences(string? folder)
{
    private readonly ConcurrentDictionary<string, PortableExecutableReference?> _known =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An assembly by its simple name; <see langword="null"/> if the runtime has none of that name.</summary>
    public PortableExecutableReference? Find(string name) => _known.GetOrAdd(name, Read);

    /// <summary>A reference to an assembly, read from the memory it is loaded in: this needs no file.</summary>
    /// <returns><see langword="null"/> if the runtime gives no access to it.</returns>
    public static unsafe PortableExecutableReference? FromMemory(Assembly assembly) =>
        assembly.TryGetRawMetadata(out var blob, out var length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)blob, length))
                .GetReference(display: assembly.GetName().Name)
            : null;

    private PortableExecutableReference? Read(string name)
    {
        if (name.Length == 0 || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            return null;
        if (string.IsNullOrEmpty(folder))
            return BundledAssemblies.Find(name) is { } assembly ? FromMemory(assembly) : null;
        var file = Path.Combine(folder, $"{name}.dll");
        return File.Exists(file) ? MetadataReference.CreateFromFile(file) : null;
    }
}
