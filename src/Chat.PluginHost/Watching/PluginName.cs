using System.Globalization;

namespace Chat.PluginHost.Watching;

/// <summary>What a plugin may be called. Ids appear in the log and the chat, and name folders and files.</summary>
internal static class PluginName
{
    private const int MaxLength = 64;
    private const string ForOtherUse = "/\\:*?\"<>|";

    /// <summary>Why a text cannot be an id, as the end of a sentence; <see langword="null"/> if it can.</summary>
    public static string? Problem(string id)
    {
        if (id.Length is 0 or > MaxLength)
            return $"a plugin's name has 1 to {MaxLength} characters";
        if (id[0] is '.' or '_' or ' ' || id[^1] is '.' or ' ')
            return "a plugin's name does not begin with '.' or '_', nor end with '.', and has no blank at either end";
        return id.Any(IsRefused) ? $"a plugin's name has no invisible characters, and none of {ForOtherUse}" : null;
    }

    /// <summary>A file's name in a form that can be shown.</summary>
    public static string Show(string name) =>
        string.Concat(name.Select(character => IsInvisible(character) ? '?' : character));

    private static bool IsRefused(char character) =>
        ForOtherUse.Contains(character, StringComparison.Ordinal) || IsInvisible(character);

    private static bool IsInvisible(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
