using System.Buffers;
using System.Globalization;
using System.Text;
using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Protocols;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

public sealed class EncodedLogTests
{
    private const int Cost = 100;

    [Test]
    public void Lines_that_stand_together_come_as_one_piece()
    {
        var log = Log(lines: 5);

        var bytes = log.As(new CountingEncoder("")).Read(1, 4, out var lines);

        Assert.That((Text(bytes), lines), Is.EqualTo(("1;2;3;", 3)));
    }

    [Test]
    public void A_line_is_encoded_once_for_all_readers_of_a_protocol()
    {
        var protocol = new CountingEncoder("");
        var log = Log(lines: 3);

        log.As(protocol).Read(0, 3, out _);
        log.As(protocol).Read(1, 3, out _);

        Assert.That(protocol.Writes, Is.EqualTo(3));
    }

    [Test]
    public void Each_protocol_has_its_own_bytes()
    {
        CountingEncoder a = new("a"), b = new("b");
        var log = Log(lines: 2);

        string[] read = [.. new[] { a, b, a, b }.Select(protocol => Text(log.As(protocol).Read(0, 2, out _)))];

        Assert.That((read, a.Writes, b.Writes), Is.EqualTo((new[] { "a0;a1;", "b0;b1;", "a0;a1;", "b0;b1;" }, 2, 2)));
    }

    [Test]
    public void Who_asks_again_goes_on_where_the_piece_ended()
    {
        // Larger than any one piece of memory.
        const int Lines = 30_000;
        var encoded = Log(Lines, capacity: 32 * 1024).As(new CountingEncoder("a line like many others "));

        StringBuilder read = new();
        var pieces = 0;
        for (long from = 0; from < Lines; pieces++)
        {
            read.Append(Text(encoded.Read(from, Lines, out var lines)));
            from += lines;
        }

        Assert.That(pieces, Is.GreaterThan(1));
        Assert.That(
            read.ToString(),
            Is.EqualTo(
                string.Concat(
                    Enumerable.Range(0, Lines).Select(
                        line => FormattableString.Invariant($"a line like many others {line};")))));
    }

    [Test]
    public void A_line_longer_than_any_piece_is_a_piece_of_its_own()
    {
        var text = new string('x', 100_000);
        var log = Log(lines: 3);

        var bytes = log.As(new CountingEncoder(text)).Read(1, 2, out var lines);

        Assert.That((Text(bytes), lines), Is.EqualTo(($"{text}1;", 1)));
    }

    [Test]
    public void A_line_that_the_log_has_forgotten_is_not_there()
    {
        var log = Log(lines: 20);

        var bytes = log.As(new CountingEncoder("")).Read(3, 20, out var lines);

        Assert.That((bytes.Length, lines), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Lines_that_nobody_has_read_before_they_were_forgotten_leave_a_gap()
    {
        var log = Log(lines: 4);
        var encoded = log.As(new CountingEncoder(""));
        encoded.Read(0, 4, out _);
        for (var line = 4; line < 40; line++)
            Append(log, line);

        encoded.Read(10, 40, out var gone);
        var bytes = encoded.Read(38, 40, out var lines);

        Assert.That((gone, Text(bytes), lines), Is.EqualTo((0, "38;39;", 2)));
    }

    [Test]
    public void A_line_that_cannot_be_encoded_fails_for_each_who_wants_it_and_the_ones_before_it_are_there()
    {
        var log = Log(lines: 4);
        var encoded = log.As(new CountingEncoder("", fails: 2));

        Assert.That(() => encoded.Read(0, 4, out _), Throws.InvalidOperationException);
        Assert.That(() => encoded.Read(0, 4, out _), Throws.InvalidOperationException);
        Assert.That(Text(encoded.Read(0, 2, out _)), Is.EqualTo("0;1;"));
    }

    [Test]
    [CancelAfter(20000)]
    public async Task Readers_at_once_all_read_every_line_in_order_while_it_is_written(
        CancellationToken cancellationToken)
    {
        const int Lines = 50_000;
        var protocol = new CountingEncoder("");
        var log = new LineLog(64 * 1024, long.MaxValue, new LogBudget(long.MaxValue));
        var expected = string.Concat(
            Enumerable.Range(0, Lines).Select(line => FormattableString.Invariant($"{line};")));

        var readers = Enumerable.Range(0, 3).Select(
            _ => Task.Run(() => ReadAll(log, protocol, Lines, cancellationToken), cancellationToken)).ToList();
        for (var line = 0; line < Lines; line++)
            Append(log, line);
        var read = await Task.WhenAll(readers);

        Assert.That((read.All(text => text == expected), protocol.Writes), Is.EqualTo((true, Lines)));
    }

    private static string ReadAll(LineLog log, CountingEncoder encoder, int lines, CancellationToken cancellationToken)
    {
        StringBuilder read = new();
        long cursor = 0;
        while (cursor < lines && !cancellationToken.IsCancellationRequested)
        {
            var tail = log.Tail;
            if (tail == cursor)
                continue;
            read.Append(Text(log.As(encoder).Read(cursor, tail, out var found)));
            cursor += found;
        }

        return read.ToString();
    }

    private static LineLog Log(int lines, int capacity = 16)
    {
        var log = new LineLog(capacity, long.MaxValue, new LogBudget(long.MaxValue));
        for (var line = 0; line < lines; line++)
            Append(log, line);
        return log;
    }

    private static void Append(LineLog log, int line) =>
        log.Append(Some.Said(line.ToString(CultureInfo.InvariantCulture)), line, Cost);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class CountingEncoder(string prefix, int fails = -1) : IEventEncoder
    {
        private int _writes;

        public int Writes => Volatile.Read(ref _writes);

        public void Write(ChatEvent chatEvent, IBufferWriter<byte> output)
        {
            var text = ((Said)chatEvent).Text;
            if (text == fails.ToString(CultureInfo.InvariantCulture))
                throw new InvalidOperationException("cannot be encoded");
            Interlocked.Increment(ref _writes);
            output.Write(Encoding.UTF8.GetBytes($"{prefix}{text};"));
        }
    }
}
