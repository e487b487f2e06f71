namespace Chat.Scenes;

/// <summary>A scene failed or cannot be played. The message says where and why, in several lines.</summary>
/// <param name="message">Where and why.</param>
public sealed class SceneFailedException(string message) : Exception(message);
