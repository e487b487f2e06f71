using Chat.Load.Clients;
using Chat.Load.Counting;
using Chat.Load.Phases;

namespace Chat.Load;

/// <summary>All that was asked and seen: with the bytes received while the senders talked, and what stalled clients had
/// waiting at the end.</summary>
internal sealed record LoadResult(
    LoadOptions Options,
    Tally Tally,
    Census Census,
    SetUpFigures SetUp,
    TalkFigures Talk,
    long BytesReceived,
    long StalledBytes)
{
    public double LinesPerSecond => PerSecond(Talk.Lines);

    public double DeliveriesPerSecond => PerSecond(Talk.Deliveries);

    /// <summary>What the server uses of the processor for one delivery, in nanoseconds; <see langword="null"/> when
    /// there were none.</summary>
    public double? CpuPerDelivery => Talk.Deliveries > 0 ? Talk.ServerCpu.Total * Clock.Second / Talk.Deliveries : null;

    /// <summary>How much more memory a connection takes, in bytes.</summary>
    public double MemoryPerConnection => (SetUp.MemoryConnected - SetUp.MemoryBefore) * 1024.0 / Options.Receivers;

    /// <summary>The share of one core that the server used.</summary>
    public double ServerLoad => PerSecond(Talk.ServerCpu.Total);

    /// <summary>The share of one core that measuring took: near 1 it is what limits.</summary>
    public double OwnLoad => PerSecond(Talk.OwnCpu.Total);

    private double PerSecond(double number) => Talk.Seconds > 0 ? number / Talk.Seconds : 0;
}
