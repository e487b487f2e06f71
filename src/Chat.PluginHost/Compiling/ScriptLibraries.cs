using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Chat.PluginHost.Compiling;

/// <summary>Finds the DLLs a script refers to, and those that these refer to, and reads each once into memory: the
/// bytes that are compiled against and hashed are the same, and no file stays open. One caller at a time.</summary>
/// <param name="folder">The folder of the script.</param>
/// <param name="platform">The runtime's assemblies, shared by all scripts: reading them for each would take most of the
/// time of a compilation.</param>
internal sealed class ScriptLibraries(string folder, PlatformReferences platform) : MetadataReferenceResolver
{
    private readonly ScriptMetadataResolver _places =
        ScriptMetadataResolver.Default.WithBaseDirectory(folder).WithSearchPaths(folder);

    private readonly Dictionary<(string File, MetadataReferenceProperties As), PortableExecutableReference> _read = [];
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <summary>The hashes of the files that have been read, without the runtime's.</summary>
    public IReadOnlyDictionary<string, string> Hashes => _hashes;

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var found = ScriptPath.Spellings(reference)
            .Select(each => _places.ResolveReference(each, baseFilePath, properties))
            .FirstOrDefault(each => !each.IsDefaultOrEmpty);
        if (!found.IsDefaultOrEmpty)
            return [.. found.Select(Read)];
        return AssemblyIdentity.TryParseDisplayName(reference, out var name) && platform.Find(name.Name) is { } known
            ? [known]
            : [];
    }

    public override PortableExecutableReference? ResolveMissingAssembly(
        MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        platform.Find(referenceIdentity.Name)
        ?? (_places.ResolveMissingAssembly(definition, referenceIdentity) is { } found ? Read(found) : null);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    private PortableExecutableReference Read(PortableExecutableReference found)
    {
        if (found.FilePath is not { } file)
            return found;
        if (platform.Find(Path.GetFileNameWithoutExtension(file)) is { FilePath: { } known } shared && known == file)
            return shared;
        if (_read.TryGetValue((file, found.Properties), out var read))
            return read;
        var content = ContentHash.Read(file);
        _hashes[file] = ContentHash.Of(content);
        read = MetadataReference.CreateFromImage(content, found.Properties, filePath: file);
        return _read[(file, found.Properties)] = read;
    }
}
