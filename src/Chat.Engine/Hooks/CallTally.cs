namespace Chat.Engine.Hooks;

/// <summary>Counts the hook calls made for one sender's lines and adds them to the hooks' statistics in one step.
/// Without it, senders on several processors would contend for one counter on every call. Owned by the sender's runner;
/// keeps no plugin alive.</summary>
internal sealed class CallTally
{
    private CallStatistics[] _statistics = [];
    private int[] _calls = [];

    /// <summary>Starts counting for a line.</summary>
    /// <param name="statistics">The statistics of the hooks that the line goes through.</param>
    public void Begin(CallStatistics[] statistics)
    {
        if (!ReferenceEquals(statistics, _statistics))
            Change(statistics);
    }

    /// <summary>Counts one call.</summary>
    /// <param name="index">The hook's position in the pipeline.</param>
    public void Called(int index) => _calls[index]++;

    /// <summary>Adds the counts to the hooks' statistics and resets them.</summary>
    public void Flush()
    {
        for (var index = 0; index < _statistics.Length; index++)
        {
            if (_calls[index] == 0)
                continue;
            _statistics[index].Called(_calls[index]);
            _calls[index] = 0;
        }
    }

    private void Change(CallStatistics[] statistics)
    {
        Flush();
        _statistics = statistics;
        if (_calls.Length < statistics.Length)
            _calls = new int[statistics.Length];
    }
}
