using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Chat.Connections;
using Chat.Engine.Connections;

namespace Chat.Benchmarks.Micro;

/// <summary>Bytes to lines: 64 lines that arrive in one piece, as from a client that sends fast.</summary>
public class FramingBenchmarks
{
    private const int Lines = 64;

    private Repeating _connection = null!;
    private LineReader _reader = null!;

    /// <summary>How long a line is, in bytes without its end.</summary>
    [Params(16, 64, 400)]
    public int Length { get; set; }

    /// <summary>What ends a line: LF, or CR LF as telnet sends it.</summary>
    [Params("\n", "\r\n")]
    public string End { get; set; } = "\n";

    [GlobalSetup]
    public void Connect()
    {
        _connection = new Repeating(
            Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', Length) + End, Lines))));
        _reader = new LineReader(_connection, 4096, hasEditingKeys: true);
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Read()
    {
        var bytes = 0;
        for (var line = 0; line < Lines; line++)
        {
            LineRead read;
            while (!_reader.TryRead(out read))
                Received(_reader.ReceiveAsync(CancellationToken.None));
            bytes += read.Line.Length;
        }

        return bytes;
    }

    private static void Received(ValueTask receiving)
    {
        if (!receiving.IsCompletedSuccessfully)
            throw new InvalidOperationException("The connection has all its bytes at once.");
    }

    /// <summary>Always has the same bytes, as many of them as there is room for.</summary>
    private sealed class Repeating(byte[] bytes) : IClientConnection
    {
        private int _next;

        public string Id => "repeating";

        public EndPoint? RemoteEndPoint => null;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = Math.Min(buffer.Length, bytes.Length - _next);
            bytes.AsSpan(_next, count).CopyTo(buffer.Span);
            _next = (_next + count) % bytes.Length;
            return new ValueTask<int>(count);
        }

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            new(bytes.Length);

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
