namespace Chat.PluginHost.Crashes;

/// <summary>Identifies one version of a plugin in a <see cref="CrashJournal"/>, across restarts.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Content">A hash of the plugin's files: another hash is another version.</param>
internal sealed record PluginFingerprint(string Id, string Content);
