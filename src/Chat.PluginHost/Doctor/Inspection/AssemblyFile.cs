using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Doctor.Inspection;

/// <summary>An assembly's file, read without loading it: none of its code runs.</summary>
internal sealed class AssemblyFile : IDisposable
{
    private readonly PEReader _image;
    private readonly MetadataReader _metadata;

    private AssemblyFile(string path, PEReader image)
    {
        Path = path;
        _image = image;
        _metadata = image.GetMetadataReader();
    }

    public string Path { get; }

    public PEHeaders Headers => _image.PEHeaders;

    /// <summary>The assemblies it refers to.</summary>
    public IEnumerable<AssemblyName> References =>
        _metadata.AssemblyReferences.Select(handle => _metadata.GetAssemblyReference(handle).GetAssemblyName());

    /// <summary>The native libraries that its <c>DllImport</c>s name.</summary>
    public IEnumerable<string> NativeLibraries => Enumerable.Range(1, _metadata.GetTableRowCount(TableIndex.ModuleRef))
        .Select(row => _metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)))
        .Select(module => _metadata.GetString(module.Name));

    /// <summary>What it was built for; <see langword="null"/> if it does not say.</summary>
    public FrameworkName? TargetFramework
    {
        get
        {
            foreach (var handle in _metadata.GetAssemblyDefinition().GetCustomAttributes())
            {
                var attribute = _metadata.GetCustomAttribute(handle);
                if (attribute.Constructor.Kind != HandleKind.MemberReference)
                    continue;
                var type = _metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
                if (type.Kind != HandleKind.TypeReference || !_metadata.StringComparer.Equals(
                        _metadata.GetTypeReference((TypeReferenceHandle)type).Name, nameof(TargetFrameworkAttribute)))
                    continue;

                // An attribute's value is a mark of two bytes followed by the arguments.
                var value = _metadata.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                return value.ReadSerializedString() is { Length: > 0 } name ? new FrameworkName(name) : null;
            }

            return null;
        }
    }

    /// <summary>In which version it refers to an assembly; <see langword="null"/> if it does not.</summary>
    public Version? VersionOf(string name) => References.FirstOrDefault(reference => reference.Name == name)?.Version;

    /// <summary>Reads a file.</summary>
    /// <returns>The assembly, to be disposed by the caller; or else why the file is none.</returns>
    public static (AssemblyFile? Assembly, LoadProblem? Problem) Open(string path)
    {
        if (PluginSource.IsEmpty(path))
        {
            return (null, new LoadProblem(
                "the file is empty, or is no file but a pipe or a device.", "Copy or save it again."));
        }

        PEReader? image = null;
        try
        {
            image = new PEReader(File.OpenRead(path), PEStreamOptions.PrefetchEntireImage);
            if (image.HasMetadata && image.GetMetadataReader().IsAssembly)
                return (new AssemblyFile(path, image), null);
            image.Dispose();
            return (null, new LoadProblem(
                "this is a native library, not a .NET assembly.",
                "Put native libraries into the folder of the plugin that uses them."));
        }
        catch (BadImageFormatException)
        {
            image?.Dispose();
            return (null, new LoadProblem(
                $"this is not a .NET assembly, or only a part of one ({new FileInfo(path).Length} bytes).",
                "If it is still being copied, it is tried again once that is done. "
                + "If not, build it again and copy it whole."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, Unreadable(exception));
        }
    }

    /// <summary>The problem of a file that the system does not let us read.</summary>
    public static LoadProblem Unreadable(Exception exception) => new(
        $"the file cannot be read: {exception.Message.TrimEnd('.')}.",
        "Check its owner and mode: the user the server runs as must be able to read it. "
        + "It is tried again when it changes.");

    public void Dispose() => _image.Dispose();
}
