using Chat.Load.Clients;
using Chat.Load.Counting;
using Chat.Load.Watching;

namespace Chat.Load.Phases;

/// <summary>Lets the senders talk: first to warm up, then measured, then until what they have said has come or comes no
/// more.</summary>
internal sealed class Conversation(LoadOptions options, Crowd crowd, ITalk talk, Tally tally, WatchedProcess server)
{
    private const long LongestPump = 2 * Clock.Millisecond, LongestDrain = 30 * Clock.Second;

    private readonly WatchedProcess _own = new(Environment.ProcessId);
    private readonly List<long> _memory = [];
    private long _memoryAt;

    public TalkFigures Run()
    {
        tally.MeasuredFrom = Clock.Now + Clock.Of(options.WarmupSeconds);
        tally.MeasuredUntil = tally.MeasuredFrom + Clock.Of(options.DurationSeconds);
        Talk(() => Clock.Now >= tally.MeasuredFrom);
        var from = Snapshot.Take(server, _own, tally);
        Talk(() => Clock.Now >= tally.MeasuredUntil
            || (options.Lines > 0 && tally.Sent >= options.Lines && tally.Lost <= 0));
        var until = Snapshot.Take(server, _own, tally);
        Drain();
        return new TalkFigures
        {
            Seconds = Clock.Seconds(until.Time - from.Time),
            Lines = until.Lines - from.Lines,
            Deliveries = until.Deliveries - from.Deliveries,
            IsServerGone = server.IsWatched && !server.IsAlive,
            ServerCpu = server.IsAlive ? until.Server - from.Server : default,
            OwnCpu = until.Own - from.Own,
            MemorySeries = _memory,
            MemoryEnd = server.Resident,
            MemoryPeak = server.PeakResident,
            OpenFiles = server.OpenFiles,
            KernelMemoryEnd = ProcFile.KernelTcpMemory(),
            WindowResets = (talk as SaturatingTalk)?.Resets ?? 0,
            DroppedSends = (talk as PacedTalk)?.Dropped ?? 0,
        };
    }

    private bool AllEnded => crowd.Census.Ended > 0 && crowd.Census.Ended == options.Receivers - options.Stalled;

    private void Talk(Func<bool> isOver)
    {
        while (!isOver() && !AllEnded)
        {
            crowd.Pump(Math.Min(talk.Speak(), LongestPump));
            Sample();
        }
    }

    private void Drain()
    {
        var (start, last, since) = (Clock.Now, tally.Delivered, Clock.Now);
        while (tally.Lost > 0 && !AllEnded
            && Clock.Now - since < Clock.Of(options.Patience.TotalSeconds) && Clock.Now - start < LongestDrain)
        {
            crowd.Pump(LongestPump);
            Sample();
            if (tally.Delivered != last)
                (last, since) = (tally.Delivered, Clock.Now);
        }
    }

    private void Sample()
    {
        if (Clock.Now < _memoryAt)
            return;
        _memoryAt = Clock.Now + Clock.Second;
        _memory.Add(server.Resident);
    }
}
