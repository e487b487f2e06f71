namespace Chat.Scenes.Language;

/// <summary>A setting of a scene's server.</summary>
/// <param name="Line">The line it is on.</param>
/// <param name="Key">Its key, as in the server's configuration.</param>
/// <param name="Value">Its value.</param>
internal sealed record SceneSetting(int Line, string Key, string Value);
