using Chat.Load.Clients;
using Chat.Load.Counting;
using Chat.Load.Wire;

namespace Chat.Load.Phases;

/// <summary>Says lines for the senders, and no more than were asked for.</summary>
internal sealed class Mouth(LoadOptions options, Crowd crowd, IWire wire, Tally tally)
{
    private const int MostOverhead = 256;

    private readonly long _most = options.Lines == 0 ? long.MaxValue : options.Lines;
    private readonly byte[] _text = new byte[options.Size + Marker.MaxBytes];
    private readonly byte[] _output = new byte[options.Window * (options.Size + MostOverhead)];

    public Sender[] Senders => tally.Senders;

    public bool IsDone => tally.Sent >= _most;

    public Client ClientOf(Sender sender) => crowd.Clients[sender.Index];

    /// <summary>Says so many lines at once.</summary>
    /// <param name="sender">Whose connection is open.</param>
    /// <param name="count">At most the window.</param>
    public void Say(Sender sender, int count)
    {
        var now = Clock.Now;
        var length = 0;
        for (count = (int)Math.Min(count, _most - tally.Sent); count > 0; count--)
        {
            var text = _text.AsSpan(0, tally.Say(sender, now).Write(_text, options.Size));
            length += wire.Write(sender.Room, text, _output.AsSpan(length));
        }

        ClientOf(sender).Send(_output.AsSpan(0, length));
    }
}
