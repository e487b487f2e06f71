using System.Buffers;
using Chat.Engine.Protocols;

namespace Chat.Engine.Tests.Protocols;

public sealed class ByteBufferTests
{
    [Test]
    public void What_is_written_in_pieces_is_read_as_a_whole()
    {
        using var buffer = new ByteBuffer();
        var bytes = Enumerable.Range(0, 10_000).Select(value => (byte)value).ToArray();

        foreach (var chunk in bytes.Chunk(777))
            buffer.Write(chunk);

        Assert.That(buffer.Written.ToArray(), Is.EqualTo(bytes));
    }

    [Test]
    public void A_span_is_as_large_as_was_asked_for_and_keeps_what_is_there()
    {
        using var buffer = new ByteBuffer();
        buffer.Write("abc"u8);

        var size = buffer.GetSpan(100_000).Length;

        Assert.That(
            (size >= 100_000, buffer.Written.ToArray()),
            Is.EqualTo((true, "abc"u8.ToArray())).Using<byte[]>((a, b) => a.AsSpan().SequenceEqual(b)));
    }

    [Test]
    public void A_disposed_buffer_is_empty_and_can_be_used_again()
    {
        var buffer = new ByteBuffer();
        buffer.Write("abc"u8);
        buffer.Dispose();

        ((IBufferWriter<byte>)buffer).Write("d"u8);

        Assert.That(buffer.Written.ToArray(), Is.EqualTo("d"u8.ToArray()));
        buffer.Dispose();
    }
}
