namespace Chat.Engine.Inbound;

/// <summary>Stops plugins that answer each other endlessly, and logs it at most once a minute.</summary>
internal sealed class PluginEchoes(TimeProvider clock, ILogger logger)
{
    private readonly LogThrottle _logged = new(clock);

    /// <summary>Computes the depth of a line that a plugin says now.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="room">The room the plugin speaks in.</param>
    /// <param name="depth">The depth of the line.</param>
    /// <returns>Whether the line is allowed.</returns>
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
