namespace Chat.Benchmarks.Running;

/// <summary>What one client has seen of each talker in its room: every line once, in order, wholly of one
/// version.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly HashSet<(string Nick, int Number)> _skipped = [];

    /// <summary>Lines seen.</summary>
    public long Seen { get; private set; }

    public long Doubled { get; private set; }

    public long Reordered { get; private set; }

    /// <summary>Lines that went through two versions of one script.</summary>
    public long Mixed { get; private set; }

    /// <summary>Notes one line.</summary>
    public void Take(StampedLine line)
    {
        Seen++;
        if (line.Script != line.ScriptAgain)
            Mixed++;
        var expected = _next.GetValueOrDefault(line.Nick);
        if (line.Number < expected)
        {
            if (_skipped.Remove((line.Nick, line.Number)))
                Reordered++;
            else
                Doubled++;
            return;
        }

        for (var number = expected; number < line.Number; number++)
            _skipped.Add((line.Nick, number));
        _next[line.Nick] = line.Number + 1;
    }

    /// <summary>How many lines never came.</summary>
    /// <param name="sent">How many each talker in the room has sent.</param>
    public long Lost(IEnumerable<(string Nick, int Count)> sent) =>
        _skipped.Count + sent.Sum(talker => (long)talker.Count - _next.GetValueOrDefault(talker.Nick));
}
