using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Chat.PluginHost.Compiling;

/// <summary>The assemblies the runtime brings, each read when it is first needed and then kept: the default references refer to many of them.</summary>
internal sealed class PlatformReferences
{
    private readonly string? _folder = Path.GetDirectoryName(typeof(object).Assembly.Location);
    private readonly ConcurrentDictionary<string, PortableExecutableReference?> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An assembly by its name; <see langword="null"/> when the runtime has none of that name, or no files.</summary>
    public PortableExecutableReference? Find(string name) => _known.GetOrAdd(name, Read);

    private PortableExecutableReference? Read(string name)
    {
        if (string.IsNullOrEmpty(_folder) || name.Length == 0 || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            return null;
        var file = Path.Combine(_folder, $"{name}.dll");
        return File.Exists(file) ? MetadataReference.CreateFromFile(file) : null;
    }
}
