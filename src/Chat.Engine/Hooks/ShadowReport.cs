namespace Chat.Engine.Hooks;

/// <summary>What a hook in shadow mode would have done: how many lines it has seen and would have changed, and the last few of them.</summary>
/// <param name="report">Is told what there is to say by then at the 200th line and at each tenfold of it.</param>
internal sealed class ShadowReport(Action<string, IReadOnlyList<string>> report)
{
    private const int Kept = 5, FirstReport = 200;

    private readonly Queue<string> _differences = new();
    private long _seen, _changed, _reportAt = FirstReport;

    /// <summary>One line for people.</summary>
    public string Summary
    {
        get
        {
            lock (_differences)
                return $"{_changed} of {_seen} lines would change";
        }
    }

    /// <summary>The last differences, oldest first.</summary>
    public IReadOnlyList<string> Differences
    {
        get
        {
            lock (_differences)
                return [.. _differences];
        }
    }

    /// <summary>Takes note of a line.</summary>
    /// <param name="difference">What would have become of it; <see langword="null"/> when nothing would have changed.</param>
    public void Seen(string? difference)
    {
        lock (_differences)
        {
            _seen++;
            if (difference is not null)
            {
                _changed++;
                _differences.Enqueue(difference);
                if (_differences.Count > Kept)
                    _differences.Dequeue();
            }

            if (_seen < _reportAt)
                return;
            _reportAt *= 10;
        }

        report(Summary, Differences);
    }
}
