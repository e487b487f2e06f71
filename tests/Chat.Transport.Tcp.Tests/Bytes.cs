using System.Text;

namespace Chat.Transport.Tcp.Tests;

/// <summary>Bytes as they are written in tests: in hex, or one character for each byte.</summary>
internal static class Bytes
{
    /// <summary>Reads <c>ff fd 26</c>.</summary>
    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Shows bytes as <c>ff fd 26</c>.</summary>
    public static string ToHex(IEnumerable<byte> bytes) =>
        string.Join(' ', bytes.Select(value => value.ToString("x2", null)));

    /// <summary>One byte for each character, U+00FF at most.</summary>
    public static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>One character for each byte.</summary>
    public static string ToLatin(IEnumerable<byte> bytes) => Encoding.Latin1.GetString([.. bytes]);
}
