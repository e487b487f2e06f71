namespace Chat.Scenes.Language;

/// <summary>A setting of a scene's server.</summary>
internal sealed record SceneSetting(int Line, string Key, string Value);
