using System.Security.Cryptography;
using System.Text;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Compiling;

/// <summary>Tells contents apart.</summary>
internal static class ContentHash
{
    /// <summary>The hash of a content; empty for an empty one.</summary>
    public static string Of(byte[] content) => content.Length == 0 ? "" : Convert.ToHexString(SHA256.HashData(content));

    /// <summary>The hash of a text.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash of a file as it is now; empty when there is nothing in it or it is not there.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string OfFile(string file) => Of(Read(file));

    /// <summary>What is in a file; nothing when it is not there. What may be a pipe is not opened.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string file) => PluginSource.IsEmpty(file) ? [] : File.ReadAllBytes(file);
}
