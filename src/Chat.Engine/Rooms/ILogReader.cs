namespace Chat.Engine.Rooms;

/// <summary>Whoever reads logs: told that there is something to read. One that is told while it reads looks once more.</summary>
internal interface ILogReader
{
    /// <summary>There is something to read. Returns at once, whatever the reader does; any thread. The caller has published what there is with a full fence.</summary>
    void Wake();

    /// <summary>The same, in a round, on an event loop or the pool: the reader may read right here, as long as it waits for nobody.</summary>
    void ReadNow();
}
