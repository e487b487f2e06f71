using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Chat.Load.Counting;
using Chat.Load.Watching;
using Chat.Load.Wire;

namespace Chat.Load.Reports;

/// <summary>A result as a few lines, for people.</summary>
internal static class TextReport
{
    public static string Of(LoadResult result)
    {
        var (options, setUp, talk, tally) = (result.Options, result.SetUp, result.Talk, result.Tally);
        var text = new StringBuilder();
        var label = options.Label.Length == 0 ? "" : options.Label + ": ";
        var pace = options.Rate > 0
            ? Invariant($"{options.Rate} lines/s")
            : Invariant($"up to {options.Window} lines of each sender on their way");
        text.AppendLine(Invariant(
            $"{label}{options.Proto.Name()}, {options.Receivers} receivers, {options.Senders} senders, {options.Rooms} "
                + $"rooms, {pace}, {options.Size} bytes; measured for {talk.Seconds:0.00} s"));
        text.AppendLine(Invariant(
            $"  set-up      connect {setUp.ConnectSeconds:0.00} s, join {setUp.JoinSeconds:0.00} s, until all "
                + $"heard {setUp.BarrierSeconds:0.00} s"));
        text.AppendLine(Invariant(
            $"  lines       {tally.Sent} sent, {tally.Delivered} of {tally.Expected} deliveries: {Verdict(tally)}"));
        if (tally.SelfEchoes + result.Census.Ended + talk.WindowResets + talk.DroppedSends > 0)
            text.AppendLine(Invariant(
                $"  beside      {result.Census.Ended} disconnected, {talk.WindowResets} times an echo was given "
                    + $"up, {talk.DroppedSends} lines not said, {tally.SelfEchoes} own lines back in spite of "
                    + $"--echo 0"));
        text.AppendLine(
            Invariant($"  throughput  {result.LinesPerSecond:0} lines/s, {result.DeliveriesPerSecond:0} deliveries/s"));
        text.AppendLine(Invariant(
            $"  latency us  p50 {Micro(tally.Latency, 0.5)}, p90 {Micro(tally.Latency, 0.9)}, "
                + $"p99 {Micro(tally.Latency, 0.99)}, p99.9 {Micro(tally.Latency, 0.999)}, "
                + $"max {Micro(tally.Latency, 1)}"));
        text.AppendLine(Invariant(
            $"  to the last p50 {Micro(tally.Completion, 0.5)}, p99 {Micro(tally.Completion, 0.99)}, "
                + $"max {Micro(tally.Completion, 1)} ({tally.Completion.Count} lines)"));
        if (tally.SendLag.Count > 0)
            text.AppendLine(Invariant(
                $"  sent late   p50 {Micro(tally.SendLag, 0.5)}, p99 {Micro(tally.SendLag, 0.99)}, "
                    + $"max {Micro(tally.SendLag, 1)}"));
        if (options.Pid != 0)
            AddServer(text, result);
        if (options.Stalled > 0)
            text.AppendLine(Invariant(
                $"  stalled     {result.Census.StalledEnded} of {options.Stalled} closed by the "
                    + $"server, {result.StalledBytes} bytes waited for them; kernel TCP "
                    + $"memory {setUp.KernelMemoryJoined} kB, {talk.KernelMemoryEnd} kB at the end"));
        text.AppendLine(Invariant(
            $"  chat-load   {result.OwnLoad:0.0%} of a core, {talk.OwnCpu.WaitShare:0.0%} of its time without one; "
                + $"load average {ProcFile.LoadAverage():0.00}"));
        if (result.Census.LastError.Length > 0)
            text.AppendLine(Invariant($"  last error  {result.Census.LastError}"));
        return text.ToString();
    }

    private static void AddServer(StringBuilder text, LoadResult result)
    {
        var (setUp, talk, cpu) = (result.SetUp, result.Talk, result.Talk.ServerCpu);
        text.AppendLine(Invariant(
            $"  server CPU  {(result.CpuPerDelivery is { } cost ? Invariant($"{cost:0.0}") : "–")} ns per "
                + $"delivery; {cpu.Total:0.00} s (user {cpu.User:0.00}, "
                + $"system {cpu.System:0.00}), {result.ServerLoad:0.0%} of a core, {cpu.WaitShare:0.0%} of its time "
                + $"without one"));
        text.AppendLine(Invariant(
            $"  server kB   {setUp.MemoryBefore} before, {setUp.MemoryConnected} connected, {setUp.MemoryJoined} "
                + $"joined, {talk.MemoryEnd} at the end, {talk.MemoryPeak} at most; {result.MemoryPerConnection:0} "
                + $"bytes per connection"));
    }

    private static string Verdict(Tally tally) => tally.IsClean ? "none lost, doubled, reordered or misrouted"
        : Invariant(
            $"{tally.Lost} LOST, {tally.Doubled} DOUBLED, {tally.Reordered} REORDERED, {tally.Misrouted} "
                + $"MISROUTED, {tally.Unknown} NEVER SENT");

    private static string Micro(LatencyHistogram times, double share) => Invariant($"{times.At(share) / 1e3:0.0}");

    private static string Invariant(ref DefaultInterpolatedStringHandler text) =>
        string.Create(CultureInfo.InvariantCulture, ref text);
}
