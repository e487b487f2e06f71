using Chat.Hooks;
using Chat.Plugins;

namespace WordGuard;

/// <summary>The words of one version of the settings. Immutable. Safe from any thread.</summary>
internal sealed class ForbiddenWords
{
    private readonly HashSet<string> _words;
    private readonly Verdict _refusal;

    private ForbiddenWords(IReadOnlyList<string> words, Verdict refusal)
    {
        _words = new HashSet<string>(words, StringComparer.OrdinalIgnoreCase);
        _refusal = refusal;
    }

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="FormatException">They are invalid. The message says where and why.</exception>
    public static ForbiddenWords Read(IPluginSettings settings)
    {
        var words = settings.List("words");
        if (words.Count == 0)
        {
            throw settings.Invalid(
                "words",
                "must be a list of at least one word. To guard nothing, set Hooks:WordGuard:Enabled to false.");
        }

        for (var index = 0; index < words.Count; index++)
        {
            if (words[index].Length == 0 || !words[index].All(char.IsLetterOrDigit))
            {
                throw settings.Invalid(
                    $"words:{index}", $"is \"{words[index]}\", but must be one word of letters and digits.");
            }
        }

        var reason = settings["reason"] ?? "Not sent: one of these words is not welcome here.";
        return new ForbiddenWords(words, Verdict.Deny(reason));
    }

    /// <summary>Denies a text that contains one of the words as a whole word.</summary>
    public Verdict Judge(string text) => HasAny(text) ? _refusal : Verdict.Allow;

    private bool HasAny(string text)
    {
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
                end++;
            if (end > start && lookup.Contains(text.AsSpan(start, end - start)))
                return true;
            start = end;
        }

        return false;
    }
}
