namespace Chat.Scenes.Stages;

/// <summary>What a server made for one play consists of.</summary>
internal sealed record StageOptions(
    string? Beside, string? Plugins, string? BundledPlugins, Func<ChatServerOptions>? Server, TimeSpan Patience);
