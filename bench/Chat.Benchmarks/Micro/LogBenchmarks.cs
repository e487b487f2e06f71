using BenchmarkDotNet.Attributes;
using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Testing;

namespace Chat.Benchmarks.Micro;

/// <summary>The log: what a line costs once, and what it costs each reader.</summary>
public class LogBenchmarks
{
    private const int Lines = 64;
    private const int Kept = 256;

    private readonly TextProtocol _protocol = new("lobby");
    private readonly Said _said = Some.Said(new string('x', 64));
    private LineLog _log = null!;
    private LineLog _full = null!;
    private long _stamp;

    [GlobalSetup]
    public void Fill()
    {
        _log = new LineLog(32 * 1024, long.MaxValue, new LogBudget(long.MaxValue));
        _full = new LineLog(1024, long.MaxValue, new LogBudget(long.MaxValue));
        for (var line = 0; line < 1024; line++)
            _full.Append(_said, line, 320);
    }

    /// <summary>A line comes, is encoded by its first reader and forgotten some time later, as in a room that all keep
    /// up with.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public int AppendAndEncode()
    {
        var from = _log.Tail;
        for (var line = 0; line < Lines; line++)
            _log.Append(_said, _stamp++, 320);
        _log.Forget(_log.Tail - Kept);
        return _log.As(_protocol).Read(from, _log.Tail, out _).Length;
    }

    /// <summary>A reader takes 64 lines that others have read before: for each of them this is all there is to do
    /// before the send.</summary>
    [Benchmark]
    public int ReadRun() => _full.As(_protocol).Read(512, 512 + Lines, out _).Length;

    /// <summary>A reader takes one line.</summary>
    [Benchmark]
    public int ReadOne() => _full.As(_protocol).Read(1023, 1024, out _).Length;
}
