using Chat.Load.Counting;

namespace Chat.Load.Phases;

/// <summary>As much as goes: each sender has a number of own lines on their way. If their echo does not come for long,
/// they count as lost.</summary>
internal sealed class SaturatingTalk(Mouth mouth, int window) : ITalk
{
    private const long EchoPatience = 5 * Clock.Second;

    private readonly Progress[] _progress = [.. mouth.Senders.Select(_ => new Progress(0, Clock.Now))];

    /// <summary>How often lines were no longer waited for.</summary>
    public long Resets { get; private set; }

    public long Speak()
    {
        for (var index = 0; index < mouth.Senders.Length && !mouth.IsDone; index++)
        {
            var sender = mouth.Senders[index];
            if (!mouth.ClientOf(sender).IsOpen)
                continue;
            Watch(sender, ref _progress[index]);
            if (sender.Outstanding < window)
                mouth.Say(sender, window - sender.Outstanding);
        }

        return long.MaxValue;
    }

    private void Watch(Sender sender, ref Progress progress)
    {
        if (sender.Echoed != progress.Echoed)
        {
            progress = new Progress(sender.Echoed, Clock.Now);
        }
        else if (sender.Outstanding >= window && Clock.Now - progress.Since > EchoPatience)
        {
            sender.Echoed = sender.Sent;
            Resets++;
        }
    }

    /// <summary>The last echo, and since when it is the last.</summary>
    private readonly record struct Progress(uint Echoed, long Since);
}
