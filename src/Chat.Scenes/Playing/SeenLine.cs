namespace Chat.Scenes.Playing;

/// <summary>One line that somebody saw.</summary>
/// <param name="text">The line.</param>
internal sealed class SeenLine(string text)
{
    public string Text { get; } = text;

    /// <summary>What has become of it. One reader at a time.</summary>
    public SeenMark Mark { get; set; }
}
