using System.Buffers;
using System.Text;
using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Protocols;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

public sealed class LogEntryTests
{
    [Test]
    public void An_entry_is_encoded_once_for_all_readers_of_a_protocol()
    {
        var protocol = new CountingProtocol("a");
        var entry = new LogEntry(0, 0, 0, Some.Said());

        var first = entry.Encode(protocol);
        var second = entry.Encode(protocol);

        Assert.That((ReferenceEquals(first, second), protocol.Writes), Is.EqualTo((true, 1)));
    }

    [Test]
    public void Each_protocol_has_its_own_bytes()
    {
        CountingProtocol a = new("a"), b = new("b");
        var entry = new LogEntry(0, 0, 0, Some.Said());

        string[] written = [.. new[] { a, b, a, b }.Select(protocol => Encoding.UTF8.GetString(entry.Encode(protocol)))];

        Assert.That((string.Concat(written), a.Writes, b.Writes), Is.EqualTo(("abab", 1, 1)));
    }

    [Test]
    [CancelAfter(10000)]
    public async Task Readers_that_come_at_once_share_one_result(CancellationToken cancellationToken)
    {
        for (var round = 0; round < 500; round++)
        {
            CountingProtocol a = new("a"), b = new("b");
            var entry = new LogEntry(0, 0, 0, Some.Said());

            var encoded = await Task.WhenAll(new[] { a, a, b, b }.Select(protocol => Task.Run(() => entry.Encode(protocol), cancellationToken)));

            Assert.That((encoded[0], encoded[2]), Is.EqualTo((encoded[1], encoded[3])).Using<byte[]>(ReferenceEquals));
        }
    }

    private sealed class CountingProtocol(string text) : IChatProtocol
    {
        private int _writes;

        public string Name => text;

        public int Writes => Volatile.Read(ref _writes);

        public bool TryRead(ReadOnlySpan<byte> line, out ClientCommand command) => throw new NotSupportedException();

        public void Write(ChatEvent chatEvent, IBufferWriter<byte> output)
        {
            Interlocked.Increment(ref _writes);
            output.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
