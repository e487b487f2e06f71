namespace Chat.Engine.Rooms;

/// <summary>An event of the engine's own that says how long its texts are, for the log's size limit.</summary>
internal interface IWeighed
{
    /// <summary>In UTF-16 units, roughly.</summary>
    int TextLength { get; }
}
