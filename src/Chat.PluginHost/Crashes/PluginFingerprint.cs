namespace Chat.PluginHost.Crashes;

/// <summary>What a <see cref="CrashJournal"/> knows a plugin by.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Content">What tells this version from others: a hash of its files.</param>
public sealed record PluginFingerprint(string Id, string Content);
