using Chat.Load.Counting;
using Chat.Load.Wire;

namespace Chat.Load.Clients;

/// <summary>Cuts what clients receive into lines: those with a marker are counted, the others are the
/// protocol's.</summary>
internal sealed class LineSplitter(IWire wire, Tally tally)
{
    /// <summary>Reads all whole lines.</summary>
    /// <param name="client">Who has received them.</param>
    /// <param name="bytes">From the beginning of a line on.</param>
    /// <param name="now">When they came.</param>
    /// <returns>How many bytes at the end are not yet a line.</returns>
    public int Split(Client client, ReadOnlySpan<byte> bytes, long now)
    {
        int length;
        while ((length = bytes.IndexOf(client.LineEnd)) >= 0)
        {
            var line = bytes[..length];
            bytes = bytes[(length + 1)..];
            if (!Marker.TryFind(line, out var marker))
                wire.Read(client, line);
            else if (marker.Sender == Marker.Probe)
                HearProbe(client, marker);
            else
                tally.Hear(client.Index, client.Room, marker, now);
        }

        return bytes.Length;
    }

    /// <summary>The sequence number of a room's probe tells which room it is.</summary>
    public static Marker ProbeOf(int room) => new(Marker.Probe, (uint)room, Clock.Now);

    private static void HearProbe(Client client, in Marker marker)
    {
        if (marker.Sequence == (uint)client.Room)
            client.Hear();
    }
}
