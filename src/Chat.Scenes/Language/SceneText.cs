namespace Chat.Scenes.Language;

/// <summary>What a scene's text means.</summary>
/// <param name="Header">What stands before the first step.</param>
/// <param name="Steps">What happens, in order.</param>
/// <param name="Problems">What cannot be understood, as <c>file:line: sentence</c>; with any, the scene cannot be played.</param>
internal sealed record SceneText(SceneHeader Header, IReadOnlyList<SceneStep> Steps, IReadOnlyList<string> Problems);
