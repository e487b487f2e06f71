using Chat.Load.Counting;

namespace Chat.Load.Phases;

/// <summary>So many lines a second in all, by the senders in turns. What comes too late is said at once, and how late
/// it was is counted.</summary>
internal sealed class PacedTalk(Mouth mouth, Tally tally, double linesPerSecond) : ITalk
{
    private const int MostAtOnce = 256, MostUnsent = 16 * 1024 * 1024;

    private readonly long _gap = Math.Max(1, Clock.Of(1 / linesPerSecond));
    private long _due = Clock.Now;
    private int _work;

    /// <summary>Lines not said because the server does not take any.</summary>
    public long Dropped { get; private set; }

    public long Speak()
    {
        var now = Clock.Now;
        for (var said = 0; now >= _due && said < MostAtOnce && !mouth.IsDone; said++)
        {
            Say(mouth.Senders[_work++ % mouth.Senders.Length], now);
            _due += _gap;
        }

        return mouth.IsDone ? long.MaxValue : Math.Max(0, _due - Clock.Now);
    }

    private void Say(Sender sender, long now)
    {
        var client = mouth.ClientOf(sender);
        if (!client.IsOpen)
            return;
        tally.SayLate(_due, now);
        if (client.Unsent > MostUnsent)
            Dropped++;
        else
            mouth.Say(sender, 1);
    }
}
