using Chat.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Connections;

/// <summary>Counts connections that ended before they were greeted, and says so once a minute when they come as a storm. Safe from any thread.</summary>
internal sealed class UnseenConnections(TimeProvider clock, ILogger logger)
{
    private const int Storm = 100;

    private readonly object _lock = new();
    private long _began = clock.GetTimestamp();
    private int _count;

    public void Count()
    {
        lock (_lock)
        {
            if (clock.GetElapsedTime(_began) >= TimeSpan.FromMinutes(1))
            {
                _began = clock.GetTimestamp();
                _count = 0;
            }

            if (++_count != Storm + 1)
                return;
        }

        EngineLog.UnseenStorm(logger, Storm);
    }
}
