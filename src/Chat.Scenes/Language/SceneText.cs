namespace Chat.Scenes.Language;

/// <summary>The parsed text of a scene.</summary>
/// <param name="Header">What comes before the first step.</param>
/// <param name="Steps">The steps, in order.</param>
/// <param name="Problems">The errors, as <c>file:line: sentence</c>. With any, the scene cannot be played.</param>
internal sealed record SceneText(SceneHeader Header, IReadOnlyList<SceneStep> Steps, IReadOnlyList<string> Problems);
