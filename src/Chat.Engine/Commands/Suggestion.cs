namespace Chat.Engine.Commands;

/// <summary>Finds the word somebody probably meant.</summary>
public static class Suggestion
{
    /// <summary>The nearest of the known words by edit distance (optimal string alignment; case does not matter).</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="known">What there is.</param>
    /// <returns>The nearest, among shortenings the one with the fewest letters left out, the first in alphabetical order of several; <see langword="null"/> when none is close.</returns>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        // Longer words are no slips of the finger, and comparing them takes time in the square of their length.
        const int LongestWord = 64;
        if (word.Length is 0 or > LongestWord)
            return null;
        var limit = Math.Max(1, word.Length / 3);
        return known
            .Where(candidate => IsShortened(word, candidate) || Math.Abs(candidate.Length - word.Length) <= limit)
            .Select(candidate => (candidate, isShort: IsShortened(word, candidate), distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.isShort || pair.distance <= limit)
            .OrderBy(pair => pair.isShort ? 1 : pair.distance)
            .ThenBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.OrdinalIgnoreCase)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>Whether the word begins as the candidate does and has its letters in their order, with some left out: <c>h</c>, <c>rom</c>.</summary>
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
