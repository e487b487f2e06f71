namespace Chat.Scenes.Playing;

/// <summary>A line that a person saw.</summary>
internal sealed class SeenLine(string text)
{
    public string Text { get; } = text;

    /// <summary>How the line compares with the scene. One caller at a time.</summary>
    public SeenMark Mark { get; set; }
}
