using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Loading;

/// <summary>What an assembly's file says of itself. It is read once and not loaded: none of its code runs.</summary>
/// <param name="Path">The file's absolute path.</param>
/// <param name="Processor">What it was built for; <see langword="null"/> for any processor.</param>
/// <param name="Target">The framework it was built for; <see langword="null"/> if it does not say.</param>
/// <param name="References">The assemblies it refers to.</param>
/// <param name="NativeLibraries">The native libraries that its <c>DllImport</c>s name.</param>
/// <param name="Types">The full names of the types it refers to in other assemblies.</param>
internal sealed record AssemblyFile(
    string Path, Architecture? Processor, FrameworkName? Target, IReadOnlyList<AssemblyName> References,
    IReadOnlyList<string> NativeLibraries, IReadOnlySet<string> Types)
{
    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>In which version it refers to an assembly; <see langword="null"/> if it does not.</summary>
    public Version? VersionOf(string name) => References.FirstOrDefault(reference => reference.Name == name)?.Version;

    /// <summary>Reads a file.</summary>
    /// <returns>The assembly, or why the file is none.</returns>
    public static (AssemblyFile? Assembly, LoadProblem? Problem) Read(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (PluginSource.IsEmpty(path))
        {
            return (null, new LoadProblem(
                name, "the file is empty, or is no file but a pipe or a device.", "Copy or save it again."));
        }

        try
        {
            using var image = new PEReader(File.OpenRead(path), PEStreamOptions.PrefetchEntireImage);
            return image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } metadata
                ? (Read(path, image.PEHeaders, metadata), null)
                : (null, new LoadProblem(
                    name, "this is a native library, not a .NET assembly.",
                    "Put native libraries into the folder of the plugin that uses them."));
        }
        catch (Exception exception) when (exception is BadImageFormatException or ArgumentException)
        {
            return (null, new LoadProblem(
                name, $"this is not a .NET assembly, or only a part of one ({new FileInfo(path).Length} bytes).",
                "If it is still being copied, it is tried again once that is done. "
                + "If not, build it again and copy it whole."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, Unreadable(name, exception));
        }
    }

    /// <summary>The problem of a file that the system does not let us read.</summary>
    public static LoadProblem Unreadable(string name, Exception exception) => new(
        name, $"the file cannot be read: {exception.Message.TrimEnd('.')}.",
        "Check its owner and mode: the user the server runs as must be able to read it. "
        + "It is tried again when it changes.");

    private static AssemblyFile Read(string path, PEHeaders headers, MetadataReader metadata) => new(
        path,
        ProcessorOf(headers),
        TargetOf(metadata),
        [.. metadata.AssemblyReferences.Select(each => metadata.GetAssemblyReference(each).GetAssemblyName())],
        [.. Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)))
            .Select(module => metadata.GetString(module.Name))],
        metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").ToHashSet());

    /// <summary>An assembly for any processor is marked as one for 32 bits that does not require them.</summary>
    private static Architecture? ProcessorOf(PEHeaders headers) => headers.CoffHeader.Machine switch
    {
        Machine.Amd64 => Architecture.X64,
        Machine.Arm64 => Architecture.Arm64,
        Machine.Arm or Machine.ArmThumb2 => Architecture.Arm,
        Machine.I386 when headers.CorHeader?.Flags is { } flags
            && flags.HasFlag(CorFlags.Requires32Bit) && !flags.HasFlag(CorFlags.Prefers32Bit) => Architecture.X86,
        _ => null,
    };

    private static FrameworkName? TargetOf(MetadataReader metadata)
    {
        var name = metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute)
            .Where(attribute => attribute.Constructor.Kind == HandleKind.MemberReference
                && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent
                    is { Kind: HandleKind.TypeReference } type
                && metadata.StringComparer.Equals(
                    metadata.GetTypeReference((TypeReferenceHandle)type).Name, nameof(TargetFrameworkAttribute)))
            .Select(attribute => FirstText(metadata.GetBlobReader(attribute.Value)))
            .FirstOrDefault();
        return string.IsNullOrEmpty(name) ? null : new FrameworkName(name);

        // An attribute's value is a mark of two bytes followed by the arguments.
        static string? FirstText(BlobReader value) => value.ReadUInt16() == 1 ? value.ReadSerializedString() : null;
    }
}
