namespace Chat.Scenes.Playing;

/// <summary>How a line that a person saw compares with the scene.</summary>
internal enum SeenMark
{
    /// <summary>The scene has not asked for it yet.</summary>
    Unread,

    /// <summary>It is what the scene expects.</summary>
    AsExpected,

    /// <summary>It was skipped.</summary>
    Skipped,

    /// <summary>It is not what the scene expects.</summary>
    Wrong,
}
