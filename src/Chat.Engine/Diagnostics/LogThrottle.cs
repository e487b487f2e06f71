namespace Chat.Engine.Diagnostics;

/// <summary>Counts events within a minute, so that frequent events do not flood the log. Safe from any
/// thread.</summary>
internal sealed class LogThrottle(TimeProvider clock)
{
    private readonly object _lock = new();
    private long _began = clock.GetTimestamp();
    private int _count;

    /// <summary>Counts an event.</summary>
    /// <returns>The number of events within the current minute, which began with the first of them.</returns>
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
