namespace Chat.Engine.Protocols;

/// <summary>Characters that show nothing although their general category is that of letters, marks or signs: with them,
/// two names that look the same could be different.</summary>
internal static class InvisibleCharacters
{
    /// <summary>Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), variation selectors and fillers
    /// of Hangul among them; and a few more that are drawn as blanks: U+2800, U+16FE4, U+1D159. First and last code
    /// point of each range.</summary>
    private static readonly (int First, int Last)[] _ranges =
    [
        (0x00ad, 0x00ad), (0x034f, 0x034f), (0x061c, 0x061c), (0x115f, 0x1160), (0x17b4, 0x17b5), (0x180b, 0x180f),
        (0x200b, 0x200f), (0x202a, 0x202e), (0x2060, 0x206f), (0x2800, 0x2800), (0x3164, 0x3164), (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff), (0xffa0, 0xffa0), (0xfff0, 0xfff8), (0x16fe4, 0x16fe4), (0x1bca0, 0x1bca3),
        (0x1d159, 0x1d159), (0x1d173, 0x1d17a), (0xe0000, 0xe0fff),
    ];

    /// <summary>Whether the code point at an index of a text is one of them.</summary>
    public static bool Contain(string text, int index)
    {
        var codePoint = char.IsSurrogatePair(text, index) ? char.ConvertToUtf32(text, index) : text[index];
        return Array.Exists(_ranges, range => range.First <= codePoint && codePoint <= range.Last);
    }
}
