namespace Chat.Load.Counting;

/// <summary>Who is where: client i is in room i modulo the rooms, the first clients also send, the last ones are
/// stalled.</summary>
/// <param name="Clients">How many connections in all.</param>
/// <param name="Senders">How many of them send.</param>
/// <param name="Rooms">How many rooms they are spread over.</param>
/// <param name="Stalled">How many never read.</param>
/// <param name="Echo">Whether the server sends a line to its sender too.</param>
internal sealed record Seating(int Clients, int Senders, int Rooms, int Stalled, bool Echo)
{
    /// <summary>How many senders a client can hear: those of one room.</summary>
    public int SendersPerRoom => (Senders + Rooms - 1) / Rooms;

    /// <summary>Rooms that someone is in.</summary>
    public int UsedRooms => Math.Min(Rooms, Clients);

    private int Readers => Clients - Stalled;

    public int RoomOf(int client) => client % Rooms;

    public bool IsStalled(int client) => client >= Readers;

    /// <summary>A sender's place among those of its room.</summary>
    public int SlotOf(int sender) => sender / Rooms;

    /// <summary>How many must receive each line of a sender.</summary>
    public int ReceiversOf(int sender)
    {
        var room = RoomOf(sender);
        var readers = room < Readers ? (Readers - room + Rooms - 1) / Rooms : 0;
        return Echo ? readers : readers - 1;
    }

    /// <summary>Whose receipt tells that a sender's line has come out: its own if there is an echo, else another's; -1
    /// if nobody hears it.</summary>
    public int ObserverOf(int sender)
    {
        if (Echo)
            return sender;
        var room = RoomOf(sender);
        var others = Enumerable.Range(0, Readers).Where(client => client != sender && RoomOf(client) == room);
        return others.Where(client => client >= Senders).Concat(others).DefaultIfEmpty(-1).First();
    }
}
