namespace Chat.Engine.Crashes;

/// <summary>What a <see cref="BlackBox"/> knows a plugin by.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Content">What tells this version from others: a hash of its files.</param>
public sealed record NotedPlugin(string Id, string Content);
