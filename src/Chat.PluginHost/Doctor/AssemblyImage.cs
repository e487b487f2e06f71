using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Doctor;

/// <summary>An assembly's file, read without loading it: none of its code runs.</summary>
internal sealed class AssemblyImage : IDisposable
{
    private readonly PEReader _image;

    private AssemblyImage(string file, PEReader image, MetadataReader metadata)
    {
        File = file;
        _image = image;
        Metadata = metadata;
    }

    public string File { get; }

    public string FileName => Path.GetFileName(File);

    public MetadataReader Metadata { get; }

    public PEHeaders Headers => _image.PEHeaders;

    /// <summary>The assemblies it refers to.</summary>
    public IEnumerable<AssemblyName> References => Metadata.AssemblyReferences.Select(handle => Metadata.GetAssemblyReference(handle).GetAssemblyName());

    /// <summary>The native libraries its <c>DllImport</c>s name.</summary>
    public IEnumerable<string> NativeLibraries
    {
        get
        {
            for (var row = 1; row <= Metadata.GetTableRowCount(TableIndex.ModuleRef); row++)
                yield return Metadata.GetString(Metadata.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name);
        }
    }

    /// <summary>What it was built for, as <c>.NETCoreApp,Version=v10.0</c>; <see langword="null"/> when it does not say.</summary>
    public string? TargetFramework
    {
        get
        {
            foreach (var attribute in Metadata.GetAssemblyDefinition().GetCustomAttributes().Select(Metadata.GetCustomAttribute))
            {
                if (attribute.Constructor.Kind != HandleKind.MemberReference)
                    continue;
                var parent = Metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
                if (parent.Kind != HandleKind.TypeReference || !Metadata.StringComparer.Equals(Metadata.GetTypeReference((TypeReferenceHandle)parent).Name, "TargetFrameworkAttribute"))
                    continue;

                // The value of an attribute is a mark of two bytes and then its arguments.
                var value = Metadata.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                return value.ReadSerializedString();
            }

            return null;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="defect">Why it is no assembly.</param>
    /// <returns>The assembly, or <see langword="null"/>.</returns>
    public static AssemblyImage? Open(string file, out ImageDefect defect)
    {
        PEReader? image = null;
        try
        {
            defect = ImageDefect.Empty;
            if (PluginSource.IsEmpty(file))
                return null;
            image = new PEReader(System.IO.File.OpenRead(file), PEStreamOptions.PrefetchEntireImage);
            defect = ImageDefect.Native;
            if (image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } metadata)
            {
                defect = ImageDefect.None;
                return new AssemblyImage(file, image, metadata);
            }
        }
        catch (BadImageFormatException)
        {
            defect = ImageDefect.Broken;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            defect = ImageDefect.Unreadable;
        }

        image?.Dispose();
        return null;
    }

    public void Dispose() => _image.Dispose();
}
