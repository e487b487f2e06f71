using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Chat.PluginHost.Compiling;

/// <summary>
/// Finds the DLLs a script refers to, and what these refer to, and reads each once and into memory: what is compiled against and
/// hashed is the same, and no file stays open.
/// </summary>
/// <param name="folder">The folder of the script.</param>
/// <param name="platform">What the runtime brings, shared by all scripts: reading it anew for each takes most of the time of a compilation.</param>
internal sealed class ScriptLibraries(string folder, PlatformReferences platform) : MetadataReferenceResolver
{
    private readonly ScriptMetadataResolver _places = ScriptMetadataResolver.Default.WithBaseDirectory(folder).WithSearchPaths(folder);
    private readonly Dictionary<(string File, MetadataReferenceProperties Properties), PortableExecutableReference> _read = [];
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>The hashes of what has been read, without what the runtime brings.</summary>
    public IReadOnlyDictionary<string, string> Hashes => _hashes;

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        [.. _places.ResolveReference(reference, baseFilePath, properties).Select(Read)];

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        platform.Find(referenceIdentity.Name)
        ?? (_places.ResolveMissingAssembly(definition, referenceIdentity) is { } found ? Read(found) : null);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private PortableExecutableReference Read(PortableExecutableReference found)
    {
        if (found.FilePath is not { } file)
            return found;
        if (platform.Find(Path.GetFileNameWithoutExtension(file)) is { } shared && shared.FilePath == file)
            return shared;
        if (_read.TryGetValue((file, found.Properties), out var known))
            return known;
        var content = ContentHash.Read(file);
        _hashes[file] = ContentHash.Of(content);
        return _read[(file, found.Properties)] = MetadataReference.CreateFromImage(content, found.Properties, filePath: file);
    }
}
