using System.Globalization;
using System.Text;

namespace Chat.Engine.Protocols;

/// <summary>Keeps text from controlling terminals and from being more than one line, wherever it comes from.</summary>
internal static class CleanText
{
    /// <summary>The text as one line: tabs, line and paragraph breaks become a space; the other C0 and C1 control
    /// characters, ESC and DEL among them, are removed.</summary>
    public static string Line(string text)
    {
#if NET
        // Most text is ASCII, which is searched many characters at a time.
        var plain = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (plain < 0)
            return text;
#else
        const int plain = 0;
#endif
        for (var index = plain; index < text.Length; index++)
        {
            if (IsUnsafe(text[index]))
                return Rebuild(text);
        }

        return text;
    }

    /// <summary>The text as <see cref="Line(string)"/> leaves it.</summary>
    /// <param name="utf8">The text in UTF-8; invalid bytes become U+FFFD.</param>
    public static string Line(ReadOnlySpan<byte> utf8)
    {
#if NET
        // Most text is ASCII, which is searched once, as bytes.
        return utf8.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Line(Encoding.UTF8.GetString(utf8))
            : Encoding.Latin1.GetString(utf8);
#else
        return Line(Encoding.UTF8.GetString(utf8.ToArray()));
#endif
    }

    /// <summary>Splits a text of several lines and cleans each.</summary>
    public static IEnumerable<string> Lines(string text) => text.Replace("\r\n", "\n").Split('\n').Select(Line);

    /// <summary>Checks a nick or the name of a room: every character visible, no blanks, not too long.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What it names, to begin the sentence with.</param>
    /// <param name="maxLength">The longest allowed, in Unicode code points.</param>
    /// <returns>What is wrong with it, as a sentence for the user; <see langword="null"/> if nothing is.</returns>
    public static string? ProblemWithName(string name, string what, int maxLength)
    {
        var length = 0;
        for (var index = 0; index < name.Length; index += char.IsSurrogatePair(name, index) ? 2 : 1, length++)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(name, index);
            if (!IsPrintable(category) || InvisibleCharacters.Contain(name, index))
                return $"{what} may hold letters, digits and signs, but no blanks or invisible characters.";
        }

        if (length == 0 || length > maxLength)
            return $"{what} has 1 to {maxLength} characters; this one has {length}.";
        return CharUnicodeInfo.GetUnicodeCategory(name, 0) is not
            (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark)
            ? null
            : $"{what} cannot begin with an accent that belongs to the character before it.";
    }

    private static bool IsUnsafe(char character) =>
        character < ' ' || character is (>= '\u007f' and <= '\u009f') or '\u2028' or '\u2029';

    private static bool IsPrintable(UnicodeCategory category) => category is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Rebuild(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!IsUnsafe(character))
                clean.Append(character);
            else if (character is '\t' or '\r' or '\n' or '\u0085' or '\u2028' or '\u2029')
                clean.Append(' ');
        }

        return clean.ToString();
    }
}
