using Chat.Engine;

namespace Chat.Scenes.Stages;

/// <summary>What a server made for one play consists of.</summary>
/// <param name="Beside">The folder of the scene, if it has one.</param>
/// <param name="Plugins">The plugin folder; <see langword="null"/> for <paramref name="Beside"/>.</param>
/// <param name="BundledPlugins">A second plugin folder, if any.</param>
/// <param name="Server">Creates the options of the server; <see langword="null"/> for the defaults.</param>
/// <param name="Patience">How long, in real time, to wait for plugins.</param>
internal sealed record StageOptions(
    string? Beside, string? Plugins, string? BundledPlugins, Func<ChatServerOptions>? Server, TimeSpan Patience);
