namespace Chat.Load.Counting;

/// <summary>What one sender has said, and how far it has come.</summary>
internal sealed class Sender(int index, Seating seating)
{
    // A line that comes when so many newer ones were sent is not waited for by Completes.
    private const int Ring = 1 << 16;

    private readonly int[] _receipts = new int[Ring];

    public int Index => index;

    public int Room { get; } = seating.RoomOf(index);

    public int Slot { get; } = seating.SlotOf(index);

    /// <summary>How many must receive each line.</summary>
    public int Receivers { get; } = seating.ReceiversOf(index);

    /// <summary>Whose receipt counts as the echo.</summary>
    public int Observer { get; } = seating.ObserverOf(index);

    /// <summary>The sequence number of the last line.</summary>
    public uint Sent { get; private set; }

    /// <summary>The last sequence number that the observer has seen, or is no longer waited for.</summary>
    public uint Echoed { get; set; }

    /// <summary>How many lines are sent and not echoed.</summary>
    public int Outstanding => (int)(Sent - Echoed);

    /// <returns>The sequence number of the next line.</returns>
    public uint Next()
    {
        Sent++;
        _receipts[Sent % Ring] = 0;
        return Sent;
    }

    /// <summary>One more receiver has a line.</summary>
    /// <returns>Whether that was the last.</returns>
    public bool Completes(uint sequence) => Sent - sequence < Ring && ++_receipts[sequence % Ring] == Receivers;
}
