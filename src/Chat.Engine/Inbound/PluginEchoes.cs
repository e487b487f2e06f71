using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Inbound;

/// <summary>Cuts off plugins that answer each other without end, and says so once a minute.</summary>
internal sealed class PluginEchoes(TimeProvider clock, ILogger logger)
{
    private readonly LogThrottle _logged = new(clock);

    /// <summary>How deep a line is that a plugin says now.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="room">Where it speaks.</param>
    /// <param name="depth">The depth of the line.</param>
    /// <returns>Whether the line may be said.</returns>
    public bool TryGoDeeper(string plugin, string room, out int depth)
    {
        depth = CausalDepth.Current + 1;
        if (depth <= CausalDepth.Limit)
            return true;
        if (_logged.Next() == 1)
            EngineLog.TooDeep(logger, plugin, room, depth - 1);
        return false;
    }
}
