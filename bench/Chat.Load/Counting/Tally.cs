namespace Chat.Load.Counting;

/// <summary>All that is counted: each line that was sent, and each that was received.</summary>
internal sealed class Tally
{
    private readonly Receipts[] _receipts;
    private readonly int _slots;
    private readonly bool _echo;

    public Tally(Seating seating)
    {
        (_slots, _echo) = (seating.SendersPerRoom, seating.Echo);
        Senders = [.. Enumerable.Range(0, seating.Senders).Select(index => new Sender(index, seating))];
        _receipts = new Receipts[checked(seating.Clients * _slots)];
    }

    public Sender[] Senders { get; }

    /// <summary>Times count for lines that were sent from here on.</summary>
    public long MeasuredFrom { get; set; } = long.MaxValue;

    /// <summary>Times count for lines that were sent before this.</summary>
    public long MeasuredUntil { get; set; } = long.MaxValue;

    public long Sent { get; private set; }

    /// <summary>How many deliveries the lines that were sent call for.</summary>
    public long Expected { get; private set; }

    /// <summary>Lines received, each once by each receiver.</summary>
    public long Delivered { get; private set; }

    public long Lost => Expected - Delivered;

    public long Doubled { get; private set; }

    /// <summary>Lines that came after a later one of the same sender.</summary>
    public long Reordered { get; private set; }

    /// <summary>How often a line came before an earlier one of the same sender.</summary>
    public long Gaps { get; private set; }

    /// <summary>Lines of another room.</summary>
    public long Misrouted { get; private set; }

    /// <summary>Own lines that came back although there is no echo.</summary>
    public long SelfEchoes { get; private set; }

    /// <summary>Lines that nobody sent.</summary>
    public long Unknown { get; private set; }

    public bool IsClean => Lost == 0 && Doubled + Reordered + Misrouted + Unknown == 0;

    /// <summary>From sending a line to each receipt.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>From sending a line to the last receipt.</summary>
    public LatencyHistogram Completion { get; } = new();

    /// <summary>From when a paced line was due until it was sent.</summary>
    public LatencyHistogram SendLag { get; } = new();

    /// <summary>A sender says one more line.</summary>
    /// <returns>The marker it has.</returns>
    public Marker Say(Sender sender, long now)
    {
        Sent++;
        Expected += sender.Receivers;
        return new Marker((uint)sender.Index, sender.Next(), now);
    }

    public void SayLate(long due, long now)
    {
        if (IsMeasured(due))
            SendLag.Record(now - due);
    }

    /// <summary>A receiver has a line.</summary>
    /// <param name="receiver">Which client.</param>
    /// <param name="room">Where that client is.</param>
    /// <param name="marker">The line's, not a probe's.</param>
    /// <param name="now">When it came.</param>
    public void Hear(int receiver, int room, in Marker marker, long now)
    {
        if (marker.Sender >= (uint)Senders.Length)
        {
            Unknown++;
            return;
        }

        var sender = Senders[marker.Sender];
        if (marker.Sequence - 1 >= sender.Sent)
            Unknown++;
        else if (sender.Room != room)
            Misrouted++;
        else if (!_echo && sender.Index == receiver)
            SelfEchoes++;
        else if (_receipts[(receiver * _slots) + sender.Slot].Take(marker.Sequence) is var arrival
            && (arrival == Arrival.Next || Count(arrival)))
            Deliver(sender, receiver, marker, now);
    }

    private bool Count(Arrival arrival)
    {
        switch (arrival)
        {
            case Arrival.Ahead:
                Gaps++;
                break;
            case Arrival.Late:
                Reordered++;
                break;
            case Arrival.Doubled:
                Doubled++;
                return false;
        }

        return true;
    }

    private void Deliver(Sender sender, int receiver, in Marker marker, long now)
    {
        Delivered++;
        if (sender.Observer == receiver && marker.Sequence > sender.Echoed)
            sender.Echoed = marker.Sequence;
        var isLast = sender.Completes(marker.Sequence);
        if (!IsMeasured(marker.Time))
            return;
        Latency.Record(now - marker.Time);
        if (isLast)
            Completion.Record(now - marker.Time);
    }

    private bool IsMeasured(long sent) => sent >= MeasuredFrom && sent < MeasuredUntil;
}
