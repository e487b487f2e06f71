namespace Chat.Scenes.Language;

/// <summary>Ends a play: the scene failed or cannot be played.</summary>
internal sealed class SceneProblemException(string message) : Exception(message);
