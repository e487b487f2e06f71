namespace Chat.PluginHost;

/// <summary>One loaded plugin.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">The file it was loaded from, as people know it.</param>
/// <param name="Version">How many versions of it have been loaded since the start, this one included.</param>
public sealed record PluginInfo(string Id, string Source, int Version);
