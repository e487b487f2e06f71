namespace Chat.Engine.Commands;

/// <summary>Suggests the word a user probably meant.</summary>
public static class Suggestion
{
    /// <summary>Finds the nearest known word by edit distance (optimal string alignment; case does not
    /// matter).</summary>
    /// <param name="word">The word as typed.</param>
    /// <param name="known">The known words.</param>
    /// <returns>The nearest word; <see langword="null"/> if none is close. Among words that <paramref name="word"/>
    /// abbreviates, the one with the fewest letters left out wins. Ties go to the first in alphabetical
    /// order.</returns>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        // Longer words are not typing errors, and the comparison takes time quadratic in the length.
        const int LongestWord = 64;
        if (word.Length is 0 or > LongestWord)
            return null;
        var limit = Math.Max(1, word.Length / 3);
        return known
            .Where(candidate => IsShortened(word, candidate) || Math.Abs(candidate.Length - word.Length) <= limit)
            .Select(candidate => (
                candidate, isShort: IsShortened(word, candidate),
                distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.isShort || pair.distance <= limit)
            .OrderBy(pair => pair.isShort ? 1 : pair.distance)
            .ThenBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.OrdinalIgnoreCase)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>Returns whether the word abbreviates the candidate: it starts with the same letter and has some of the
    /// others, in order. Examples: <c>h</c>, <c>rom</c>.</summary>
    private static bool IsShortened(string word, string candidate)
    {
        var next = 0;
        foreach (var letter in candidate)
        {
            if (next < word.Length && char.ToUpperInvariant(letter) == char.ToUpperInvariant(word[next]))
                next++;
            else if (next == 0)
                return false;
        }

        return next == word.Length;
    }

    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
