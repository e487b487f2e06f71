using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Storage;

/// <summary>Names of store files: the plugin's id where that is a name of a file on every system, and else what is left of it with a hash.</summary>
internal static class StoreName
{
    private const int MaxPlainLength = 64;

    private static readonly HashSet<string> _devices = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" })],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The name for an id. Two ids have two names, and no name leads out of its folder.</summary>
    public static string Of(string plugin)
    {
        if (plugin.Length <= MaxPlainLength && plugin.All(IsPlain) && plugin[0] != '.' && !_devices.Contains(plugin.Split('.')[0]))
            return $"{plugin}.json";
        var rest = string.Concat(plugin.Take(MaxPlainLength / 2).Select(character => IsPlain(character) && character != '.' ? character : '_'));

        // Ids are the same whatever their case. No plain name has a tilde.
        var hash = SHA256.HashData(Encoding.Unicode.GetBytes(plugin.ToUpperInvariant()));
        return $"{rest}~{Convert.ToHexStringLower(hash.AsSpan(0, 16))}.json";
    }

    private static bool IsPlain(char character) => char.IsLetterOrDigit(character) || character is '-' or '_' or '.';
}
