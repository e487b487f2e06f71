namespace Chat.Engine.Rooms;

/// <summary>A reader of logs. If it is woken while it reads, it checks once more.</summary>
internal interface ILogReader
{
    /// <summary>Tells the reader that there is something to read. Returns at once; safe from any thread. The caller
    /// must first publish its lines with a full fence.</summary>
    void Wake();

    /// <summary>Like <see cref="Wake"/>, but called during a round on an event loop or the pool: the reader may read
    /// synchronously if it does not block.</summary>
    void ReadNow();
}
