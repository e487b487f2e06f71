using Chat.Load.Counting;
using Chat.Load.Watching;

namespace Chat.Load.Phases;

/// <summary>What is counted, at one moment.</summary>
internal readonly record struct Snapshot(long Time, CpuTime Server, CpuTime Own, long Lines, long Deliveries)
{
    public static Snapshot Take(WatchedProcess server, WatchedProcess own, Tally tally) =>
        new(Clock.Now, server.Cpu(), own.Cpu(), tally.Sent, tally.Delivered);
}
