namespace Chat.Engine.Rooms;

/// <summary>An internal event that reports the length of its texts, for the log's size limit.</summary>
internal interface IWeighed
{
    /// <summary>The approximate length in UTF-16 units.</summary>
    int TextLength { get; }
}
