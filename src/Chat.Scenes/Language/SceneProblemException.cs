namespace Chat.Scenes.Language;

/// <summary>Ends a play: the scene failed or cannot be played.</summary>
/// <param name="message">Where and why, as the user reads it.</param>
internal sealed class SceneProblemException(string message) : Exception(message);
