namespace Chat.Scenes.Playing;

/// <summary>What has become of a line that somebody saw.</summary>
internal enum SeenMark
{
    /// <summary>Nobody has asked for it yet.</summary>
    Unread,

    /// <summary>It is as the scene has it.</summary>
    AsWritten,

    /// <summary>It did not matter.</summary>
    PassedOver,

    /// <summary>It is not what the scene has.</summary>
    Wrong,
}
