using System.Buffers;
using System.Globalization;
using System.Text;

namespace Chat.PluginHost.Diagnostics;

/// <summary>Finds files that were saved in an old encoding: read as UTF-8, they would silently lose
/// characters.</summary>
internal static class EncodingCheck
{
    /// <summary>Looks for the first byte that is not UTF-8.</summary>
    /// <param name="content">The bytes of a file. A byte order mark of UTF-16 or UTF-32 means another encoding, which
    /// is fine.</param>
    /// <returns>The place and the problem, such as <c>3:14: this is not UTF-8 …</c>, lines and columns from 1;
    /// <see langword="null"/> if there is none.</returns>
    public static string? Problem(ReadOnlySpan<byte> content)
    {
        if (HasOtherMark(content))
            return null;
        var rest = content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        var (line, column) = (1, 1);
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(rest, out var character, out var length) != OperationStatus.Done)
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"{line}:{column}");
                return $"{place}: this is not UTF-8: byte 0x{rest[0]:X2} is a character of another encoding, "
                    + "such as Windows-1252. Save the file as UTF-8.";
            }

            (line, column) = character.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            rest = rest[length..];
        }

        return null;
    }

    private static bool HasOtherMark(ReadOnlySpan<byte> content) => content.StartsWith(Encoding.Unicode.Preamble)
        || content.StartsWith(Encoding.BigEndianUnicode.Preamble) || content.StartsWith<byte>([0, 0, 0xFE, 0xFF]);
}
