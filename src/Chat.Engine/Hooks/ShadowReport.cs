namespace Chat.Engine.Hooks;

/// <summary>What a hook in shadow mode would have done: how many lines it has seen and would have changed, and the last few of them.</summary>
internal sealed class ShadowReport
{
    private const int Kept = 5;

    private readonly Queue<string> _differences = new();
    private long _seen, _changed;

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
            if (difference is null)
                return;
            _changed++;
            _differences.Enqueue(difference);
            if (_differences.Count > Kept)
                _differences.Dequeue();
        }
    }
}
