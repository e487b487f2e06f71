using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Storage;

/// <summary>The names of store files: the plugin's id if it is a valid file name on every system; otherwise what
/// remains of it with a hash.</summary>
internal static class StoreName
{
    private const int MaxPlainLength = 64;

    private static readonly HashSet<string> _devices = new(
        [
            "CON", "PRN", "AUX", "NUL",
            .. Enumerable.Range(0, 10).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" }),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The name for an id. Different ids have different names, and no name leads out of its folder.</summary>
    public static string Of(string plugin)
    {
        var isPlain = plugin.Length <= MaxPlainLength && plugin.All(IsPlain) && plugin[0] != '.';
        if (isPlain && !_devices.Contains(plugin.Split('.')[0]))
            return $"{plugin}.json";
        var rest = string.Concat(plugin.Take(MaxPlainLength / 2)
            .Select(character => IsPlain(character) && character != '.' ? character : '_'));

        // Ids are the same regardless of case. No plain name has a tilde.
        var hash = SHA256.HashData(Encoding.Unicode.GetBytes(plugin.ToUpperInvariant()));
        return $"{rest}~{Convert.ToHexStringLower(hash.AsSpan(0, 16))}.json";
    }

    private static bool IsPlain(char character) => char.IsLetterOrDigit(character) || character is '-' or '_' or '.';
}
