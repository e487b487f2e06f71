using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Chat.PluginHost.Loading;

/// <summary>Finds what a DLL refers to by its metadata, without loading any of its code.</summary>
internal static class TypeUse
{
    /// <summary>Whether a DLL refers to a type. A file that cannot be read, or is no assembly, refers to
    /// nothing.</summary>
    /// <param name="file">The DLL.</param>
    /// <param name="space">The type's namespace.</param>
    /// <param name="type">The type's name.</param>
    public static bool RefersTo(string file, string space, string type)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var image = new PEReader(stream);
            if (!image.HasMetadata)
                return false;
            var metadata = image.GetMetadataReader();
            var names = metadata.StringComparer;
            return metadata.TypeReferences
                .Select(metadata.GetTypeReference)
                .Any(reference => names.Equals(reference.Name, type) && names.Equals(reference.Namespace, space));
        }
        catch (Exception exception)
            when (exception is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
