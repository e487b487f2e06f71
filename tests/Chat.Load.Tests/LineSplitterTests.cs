using System.Text;
using Chat.Load.Clients;
using Chat.Load.Counting;
using Chat.Load.Wire;

namespace Chat.Load.Tests;

public sealed class LineSplitterTests
{
    private readonly byte[] _buffer = new byte[512 * 1024];
    private readonly Client _client;
    private readonly Census _census = new();
    private readonly Tally _tally = new(new Seating(1, 1, 1, 0, true));
    private readonly LineSplitter _splitter;

    public LineSplitterTests()
    {
        _client = new Client(0, 0, false, _census);
        _splitter = new LineSplitter(new LineWire(null, null), _tally);
    }

    [Test]
    public void The_same_lines_come_out_however_the_bytes_are_split([Range(1, 30)] int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("Welcome ~ to ~1.2 the chat\r\n");
        for (var line = 0; line < 300; line++)
            text.Append(random.Next(3) == 0 ? "* ann came in\r\n" : "").Append("<ann> ").Append(Say()).Append("\r\n");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());

        for (var at = 0; at < bytes.Length;)
        {
            var piece = Math.Min(random.Next(1, seed * 3), bytes.Length - at);
            Receive(bytes.AsSpan(at, piece));
            at += piece;
        }

        Assert.That((_tally.Delivered, _tally.Gaps, _tally.IsClean), Is.EqualTo((300L, 0L, true)));
    }

    [Test]
    public void Each_single_byte_may_come_alone()
    {
        foreach (var value in Encoding.UTF8.GetBytes($"{Say()}\n{Say()}\n"))
            Receive([value]);

        Assert.That((_tally.Delivered, _tally.IsClean), Is.EqualTo((2L, true)));
    }

    [Test]
    public void A_line_counts_once_it_has_ended()
    {
        Receive(Encoding.UTF8.GetBytes(Say()));
        var before = _tally.Delivered;
        Receive("\n"u8);

        Assert.That((before, _tally.Delivered), Is.EqualTo((0L, 1L)));
    }

    [Test]
    public void After_a_line_that_is_too_long_the_next_is_read_well()
    {
        var line = Say();
        for (var piece = 0; piece < 100; piece++)
            Receive(new byte[1000]);
        Receive(Encoding.UTF8.GetBytes($"\n{line}\n"));

        Assert.That((_tally.Delivered, _tally.IsClean), Is.EqualTo((1L, true)));
    }

    [TestCase(0, ExpectedResult = 1)]
    [TestCase(1, ExpectedResult = 0)]
    public int A_client_hears_the_probe_of_its_own_room(int room)
    {
        var text = new byte[64];
        var length = LineSplitter.ProbeOf(room).Write(text, 32);
        Receive([.. text[..length], (byte)'\n']);
        Receive([.. text[..length], (byte)'\n']);

        return _census.Hearing;
    }

    private string Say()
    {
        Span<byte> text = stackalloc byte[64];
        return Encoding.UTF8.GetString(text[.._tally.Say(_tally.Senders[0], 1).Write(text, 40)]);
    }

    private void Receive(ReadOnlySpan<byte> piece)
    {
        var kept = _client.Carry.CopyTo(_buffer);
        piece.CopyTo(_buffer.AsSpan(kept));
        var bytes = _buffer.AsSpan(0, kept + piece.Length);
        _client.Carry.Keep(bytes[^_splitter.Split(_client, bytes, 2)..]);
    }
}
