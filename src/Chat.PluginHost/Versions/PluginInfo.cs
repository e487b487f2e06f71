namespace Chat.PluginHost.Versions;

/// <summary>One version of one plugin.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Source">The file it was loaded from, as people know it.</param>
/// <param name="Version">How many versions of it have been loaded since the start, this one included.</param>
public sealed record PluginInfo(string Id, string Source, int Version)
{
    /// <summary>The state it is in.</summary>
    public PluginState State { get; init; }

    /// <summary>Since when it has been in that state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>What it has registered: <c>hook shout</c>, <c>guard shout/2</c>, <c>observer shout</c>,
    /// <c>/roll</c>.</summary>
    public IReadOnlyList<string> Owned { get; init; } = [];

    /// <summary>Why it is still in memory, as far as that is known: <c>lines that are still inside it</c>, <c>a
    /// background task</c>. Empty for a live version.</summary>
    public IReadOnlyList<string> StillHeld { get; init; } = [];
}
