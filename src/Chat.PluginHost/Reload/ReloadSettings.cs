namespace Chat.PluginHost.Reload;

/// <summary>How versions of plugins are built, started and replaced.</summary>
internal sealed record ReloadSettings(PluginTimeouts Timeouts, ILoggerFactory LoggerFactory)
{
    /// <summary>Where plugins store their texts; <see langword="null"/> for in memory.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>Where compiled scripts are cached; <see langword="null"/> for no cache.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Where running plugins are recorded; <see langword="null"/> for nowhere.</summary>
    public CrashJournal? CrashJournal { get; init; }
}
