namespace Chat.Engine.Diagnostics;

/// <summary>Counts what happens within a minute, so that a storm of one thing does not become a storm in the log. Safe from any thread.</summary>
internal sealed class LogThrottle(TimeProvider clock)
{
    private readonly object _lock = new();
    private long _began = clock.GetTimestamp();
    private int _count;

    /// <summary>Counts one more.</summary>
    /// <returns>How many there have been within the minute that began with the first of them.</returns>
    public int Next()
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_began) >= TimeSpan.FromMinutes(1))
            {
                _began = clock.GetTimestamp();
                _count = 0;
            }

            return ++_count;
        }
    }
}
