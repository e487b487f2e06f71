namespace Chat.Engine.Hooks;

/// <summary>What a hook in shadow mode would have done: how many lines it saw, how many it would have changed, and the
/// last few differences.</summary>
/// <param name="report">Receives the summary and the differences at the 200th line, the 2000th, and so on.</param>
internal sealed class ShadowReport(Action<string, IReadOnlyList<string>> report)
{
    private const int Kept = 5, FirstReport = 200;

    private readonly Queue<string> _differences = new();
    private long _seen, _changed, _reportAt = FirstReport;

    /// <summary>A one-line summary for users.</summary>
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

    /// <summary>Records a line.</summary>
    /// <param name="difference">What the hook would have changed; <see langword="null"/> if nothing.</param>
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
