namespace Chat.Scenes;

/// <summary>A scene did not go as it is written, or cannot be played. The message says where and why, in several lines.</summary>
/// <param name="message">Where and why.</param>
public sealed class SceneFailedException(string message) : Exception(message);
