using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Chat.Load.Counting;
using Chat.Load.Watching;
using Chat.Load.Wire;

namespace Chat.Load.Reports;

/// <summary>A result as one JSON object on one line, for scripts. README.md says what is behind each name.</summary>
internal static class JsonReport
{
    public static string Of(LoadResult result)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteOptions(json, result.Options);
            WriteCounts(json, result);
            WriteTimes(json, result.Tally);
            WriteServer(json, result);
            WriteRest(json, result);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteOptions(Utf8JsonWriter json, LoadOptions options)
    {
        json.WriteString("label", options.Label);
        json.WriteString("proto", options.Proto.Name());
        json.WriteNumber("receivers", options.Receivers);
        json.WriteNumber("senders", options.Senders);
        json.WriteNumber("rooms", options.Rooms);
        json.WriteNumber("rate", options.Rate);
        json.WriteNumber("size", options.Size);
        json.WriteNumber("window", options.Window);
        json.WriteNumber("stalled", options.Stalled);
    }

    private static void WriteCounts(Utf8JsonWriter json, LoadResult result)
    {
        var tally = result.Tally;
        WriteRounded(json, "seconds", result.Talk.Seconds, 3);
        json.WriteNumber("sent", tally.Sent);
        json.WriteNumber("expected", tally.Expected);
        json.WriteNumber("delivered", tally.Delivered);
        json.WriteNumber("lost", tally.Lost);
        json.WriteNumber("dup", tally.Doubled);
        json.WriteNumber("reordered", tally.Reordered);
        json.WriteNumber("gaps", tally.Gaps);
        json.WriteNumber("misrouted", tally.Misrouted);
        json.WriteNumber("selfecho", tally.SelfEchoes);
        json.WriteNumber("bad", tally.Unknown);
        json.WriteNumber("disconnected", result.Census.Ended);
        json.WriteNumber("window_resets", result.Talk.WindowResets);
        json.WriteNumber("dropped_sends", result.Talk.DroppedSends);
        WriteRounded(json, "lines_per_s", result.LinesPerSecond, 1);
        WriteRounded(json, "deliveries_per_s", result.DeliveriesPerSecond, 0);
        WriteRounded(json, "mb_in", result.BytesReceived / 1e6, 1);
    }

    private static void WriteTimes(Utf8JsonWriter json, Tally tally)
    {
        json.WriteStartObject("lat_us");
        WritePercentiles(json, tally.Latency, ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999));
        json.WriteEndObject();
        json.WriteStartObject("complete_us");
        WritePercentiles(json, tally.Completion, ("p50", 0.5), ("p99", 0.99));
        json.WriteNumber("n", tally.Completion.Count);
        json.WriteEndObject();
        json.WriteStartObject("send_lag_us");
        WritePercentiles(json, tally.SendLag, ("p50", 0.5), ("p99", 0.99));
        json.WriteEndObject();
    }

    private static void WriteServer(Utf8JsonWriter json, LoadResult result)
    {
        var (setUp, talk) = (result.SetUp, result.Talk);
        json.WriteStartObject("server");
        WriteRounded(json, "cpu_s", talk.ServerCpu.Total, 2);
        WriteRounded(json, "user_s", talk.ServerCpu.User, 2);
        WriteRounded(json, "sys_s", talk.ServerCpu.System, 2);
        WriteRounded(json, "cpu_util", result.ServerLoad, 3);
        if (result.CpuPerDelivery is { } cost)
            WriteRounded(json, "ns_per_delivery", cost, 1);
        else
            json.WriteNull("ns_per_delivery");
        WriteRounded(json, "setup_cpu_s", setUp.CpuSeconds, 2);
        WriteRounded(json, "wait_frac", talk.ServerCpu.WaitShare, 3);
        json.WriteNumber("rss_before_kb", setUp.MemoryBefore);
        json.WriteNumber("rss_connected_kb", setUp.MemoryConnected);
        json.WriteNumber("rss_joined_kb", setUp.MemoryJoined);
        json.WriteNumber("rss_end_kb", talk.MemoryEnd);
        json.WriteNumber("rss_peak_kb", talk.MemoryPeak);
        WriteRounded(json, "rss_bytes_per_conn", result.MemoryPerConnection, 0);
        json.WriteNumber("fds_connected", setUp.OpenFiles);
        json.WriteNumber("fds_end", talk.OpenFiles);
        WriteList(json, "rss_series_kb", talk.MemorySeries);
        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, LoadResult result)
    {
        var (setUp, talk) = (result.SetUp, result.Talk);
        json.WriteNumber("stalled_closed", result.Census.StalledEnded);
        json.WriteNumber("stalled_bytes", result.StalledBytes);
        WriteList(json, "tcpmem_kb", [setUp.KernelMemoryBefore, setUp.KernelMemoryJoined, talk.KernelMemoryEnd]);
        WriteRounded(json, "client_cpu_util", result.OwnLoad, 3);
        WriteRounded(json, "client_wait_frac", talk.OwnCpu.WaitShare, 3);
        WriteRounded(json, "connect_s", setUp.ConnectSeconds, 2);
        WriteRounded(json, "join_s", setUp.JoinSeconds, 2);
        WriteRounded(json, "barrier_s", setUp.BarrierSeconds, 2);
        json.WriteNumber("loadavg", ProcFile.LoadAverage());
        json.WriteString("last_err", result.Census.LastError);
    }

    private static void WritePercentiles(
        Utf8JsonWriter json, LatencyHistogram times, params ReadOnlySpan<(string Name, double Share)> wanted)
    {
        foreach (var (name, share) in wanted)
            WriteRounded(json, name, times.At(share) / 1e3, 1);
        WriteRounded(json, "max", times.Max / 1e3, 1);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteRounded(Utf8JsonWriter json, string name, double number, int digits) =>
        json.WriteNumber(name, Math.Round(number, digits));
}
