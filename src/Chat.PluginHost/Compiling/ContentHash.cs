using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>Hashes contents, to compare them.</summary>
internal static class ContentHash
{
    /// <summary>The hash of a content; empty if the content is.</summary>
    public static string Of(byte[] content) => content.Length == 0 ? "" : Convert.ToHexString(SHA256.HashData(content));

    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash of a file as it is now; empty if it is empty or does not exist.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static string OfFile(string file) => Of(Read(file));

    /// <summary>The content of a file; empty if it does not exist. A file that may be a pipe is not opened.</summary>
    /// <inheritdoc cref="OfFile"/>
    public static byte[] Read(string file) => PluginSource.IsEmpty(file) ? [] : File.ReadAllBytes(file);
}
