using Chat.Engine.Isolation.Targets;

namespace Chat.Engine.Hooks;

/// <summary>
/// Counts how often the hooks are called for one sender's lines, and adds that to their statistics in one go: senders on several
/// processors would otherwise pass one counter to and fro with every call. Belongs to the sender's runner, and holds on to no plugin.
/// </summary>
internal sealed class CallTally
{
    private CallStatistics[] _statistics = [];
    private int[] _calls = [];

    /// <summary>A line goes through these hooks.</summary>
    public void Begin(CallStatistics[] statistics)
    {
        if (!ReferenceEquals(statistics, _statistics))
            Change(statistics);
    }

    /// <summary>One of them is called.</summary>
    /// <param name="index">Which.</param>
    public void Called(int index) => _calls[index]++;

    /// <summary>Adds what has been counted to the hooks' statistics.</summary>
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
