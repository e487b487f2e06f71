using System.Text;
using Chat.Engine.Connections;
using Chat.Scenes.Clients;
using FsCheck;
using FsCheck.Fluent;

namespace Chat.Engine.Tests.Connections;

[CancelAfter(10000)]
public sealed class LineReaderTests
{
    private const int Limit = 16;

    /// <summary>Only what comes before the end of the first line may belong to another protocol.</summary>
    private static readonly byte[] _firstLine = "x\n"u8.ToArray();

    [TestCase("a\nb\n", new[] { "a", "b" })]
    [TestCase("a\r\nb\r\n", new[] { "a", "b" })]
    [TestCase("a\r\0b\r\0", new[] { "a", "b" })]
    [TestCase("a\rb\r", new[] { "a", "b" })]
    [TestCase("a\n\rb\n", new[] { "a", "", "b" })]
    [TestCase("\r\n\r\n", new[] { "", "" })]
    [TestCase("\r\r\n\n", new[] { "", "", "" })]
    [TestCase("a\r\0\0b\n", new[] { "a", "b" })]
    [TestCase("a\r\0\nb\n", new[] { "a", "", "b" })]
    public async Task Every_end_of_line_in_use_ends_one_line(
        string bytes, string[] lines, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes(bytes), cancellationToken);

        Assert.That(read, Is.EqualTo(lines));
    }

    [TestCase("a\0b\n", "ab")]
    [TestCase("ab\bc\n", "ac")]
    [TestCase("ab\u007fc\n", "ac")]
    [TestCase("\b\b\u007fa\n", "a")]
    [TestCase("é\bx\n", "x")]
    [TestCase("a😀\bx\n", "ax")]
    [TestCase("a€\u007f\u007fx\n", "x")]
    [TestCase("abc\u0015x\n", "x")]
    [TestCase("one two\u0017x\n", "one x")]
    [TestCase("one two  \u0017x\n", "one x")]
    [TestCase("one\u0017x\n", "x")]
    [TestCase("\u0017x\n", "x")]
    [TestCase("a\u0004b\n", "ab")]
    public async Task Editing_keys_do_what_they_do_on_a_terminal(
        string bytes, string line, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes(bytes), cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { line }));
    }

    [Test]
    public async Task A_line_is_there_at_its_carriage_return_whatever_comes_next(CancellationToken cancellationToken)
    {
        var connection = new MemoryConnection(cancellationToken: cancellationToken);
        var reader = new LineReader(connection, Limit, hasEditingKeys: true);
        await connection.Client.SendBytesAsync("a\r"u8.ToArray());

        var read = await reader.ReadAsync(cancellationToken);

        Assert.That(Text(read), Is.EqualTo("a"));
    }

    [Test]
    public async Task End_of_transmission_on_an_empty_line_ends_the_input(CancellationToken cancellationToken)
    {
        var read = await ReadAsync("a\n\u0004b\n"u8.ToArray(), cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { "a" }));
    }

    [TestCase(Limit - 1, "line")]
    [TestCase(Limit, "line")]
    [TestCase(Limit + 1, "too long")]
    [TestCase(Limit * 1000, "too long")]
    public async Task A_line_over_the_limit_is_reported_once_and_reading_goes_on(
        int length, string expected, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes($"{new string('x', length)}\r\nnext\r\n"), cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { expected == "line" ? new string('x', length) : "too long", "next" }));
    }

    [Test]
    public async Task Erasing_does_not_bring_back_a_line_that_was_too_long(CancellationToken cancellationToken)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes($"{new string('x', Limit + 1)}\u0015a\n"), cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { "too long" }));
    }

    [Test]
    public void What_goes_over_the_limit_is_never_buffered()
    {
        const int Enough = 64 * 1024;
        var chunk = Encoding.UTF8.GetBytes(new string('x', 4096));
        byte[][] pieces = [.. Enumerable.Repeat(chunk, 200), "\n"u8.ToArray()];
        var reader = new LineReader(new Pieces(pieces), Limit, hasEditingKeys: true);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var read = Completed(reader.ReadAsync(CancellationToken.None));

        Assert.That(
            GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(Enough), $"800 KiB went by; {read.Kind}");
    }

    [TestCase("x", Description = "A line over the limit.")]
    [TestCase("\0", Description = "Nothing that is kept.")]
    [TestCase("x\b", Description = "What is erased again.")]
    public void G10_what_never_ends_its_line_is_refused_after_a_mebibyte(string says)
    {
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(says, 4096 / says.Length)));
        var pieces = new Pieces([.. Enumerable.Repeat(chunk, 1000)]);
        var reader = new LineReader(pieces, Limit, hasEditingKeys: true);

        var read = Completed(reader.ReadAsync(CancellationToken.None));

        Assert.That((read.Kind, reader.Refusal), Is.EqualTo((LineReadKind.Refused, Refusal.Endless)));
        Assert.That(pieces.Given * chunk.Length, Is.EqualTo((1024 * 1024) + chunk.Length));
    }

    [Test]
    public void G10_lines_that_end_may_be_many()
    {
        var pieces = Enumerable.Repeat(Encoding.UTF8.GetBytes($"{new string('x', Limit)}\r\n"), 200_000).ToArray();

        Assert.That(ReadRaw(pieces), Has.Count.EqualTo(pieces.Length));
    }

    [Test]
    public async Task The_last_line_needs_no_end_when_the_input_ends_cleanly(CancellationToken cancellationToken)
    {
        var read = await ReadAsync("a\nlast"u8.ToArray(), cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { "a", "last" }));
    }

    [Test]
    public async Task A_last_line_that_is_too_long_is_reported_at_the_end(CancellationToken cancellationToken)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes(new string('x', Limit + 1)), cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { "too long" }));
    }

    [Test]
    public async Task A_line_the_connection_breaks_in_is_not_delivered(CancellationToken cancellationToken)
    {
        var connection = new MemoryConnection(cancellationToken: cancellationToken);
        var reader = new LineReader(connection, Limit, hasEditingKeys: true);
        await connection.Client.SendBytesAsync("a\ncut"u8.ToArray());
        await reader.ReadAsync(cancellationToken);
        var reading = reader.ReadAsync(cancellationToken).AsTask();

        connection.Client.Reset();

        Assert.That(async () => await reading, Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task After_the_end_there_is_only_the_end(CancellationToken cancellationToken)
    {
        var connection = new MemoryConnection(cancellationToken: cancellationToken);
        var reader = new LineReader(connection, Limit, hasEditingKeys: true);
        connection.Client.EndSending();

        await reader.ReadAsync(cancellationToken);
        var again = await reader.ReadAsync(cancellationToken);

        Assert.That(again.Kind, Is.EqualTo(LineReadKind.End));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property The_same_bytes_in_any_pieces_give_the_same_lines() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(AnyByte)), Arb.From(Gen.ListOf(Gen.Choose(1, 7))), (bytes, sizes) =>
        {
            byte[] afterALine = [.. _firstLine, .. bytes];
            var whole = Read(afterALine);
            var pieces = Read([.. Cut(afterALine, sizes)]);
            return whole.SequenceEqual(pieces);
        });

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property No_bytes_make_it_throw_or_give_a_line_over_the_limit() =>
        Prop.ForAll(
            Arb.From(Gen.ArrayOf(AnyByte)),
            bytes => ReadRaw(_firstLine, bytes).All(
                line => line.Line.Length <= Limit && line.Line.Span.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) < 0));

    /// <summary>Any byte, the ones that mean something much more often.</summary>
    private static Gen<byte> AnyByte { get; } = Gen.Frequency(
        (4, Gen.Elements<byte>(0, 4, 8, 10, 13, 21, 23, 127, 32)),
        (4, Gen.Elements("ab é€😀"u8.ToArray())),
        (1, Gen.Choose(0, 255).Select(value => (byte)value)));

    private static IEnumerable<byte[]> Cut(byte[] bytes, IEnumerable<int> sizes)
    {
        var next = 0;
        foreach (var size in sizes.TakeWhile(_ => next < bytes.Length))
        {
            yield return bytes[next..Math.Min(bytes.Length, next + size)];
            next += size;
        }

        if (next < bytes.Length)
            yield return bytes[next..];
    }

    private static List<string> Read(params byte[][] pieces) => [.. ReadRaw(pieces).Select(Text)];

    private static List<LineRead> ReadRaw(params byte[][] pieces)
    {
        // Everything is in memory already, so nothing here ever waits.
        var reader = new LineReader(new Pieces(pieces), Limit, hasEditingKeys: true);
        List<LineRead> lines = [];
        while (Completed(reader.ReadAsync(CancellationToken.None)) is { Kind: < LineReadKind.End } read)
            lines.Add(read with { Line = read.Line.ToArray() });
        return lines;
    }

#pragma warning disable VSTHRD002 // it has completed
    private static LineRead Completed(ValueTask<LineRead> reading) =>
        reading.IsCompleted ? reading.GetAwaiter().GetResult() : throw new InvalidOperationException("It waited.");
#pragma warning restore VSTHRD002

    private static async Task<List<string>> ReadAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var connection = new MemoryConnection(cancellationToken: cancellationToken);
        var reader = new LineReader(connection, Limit, hasEditingKeys: true);
        await connection.Client.SendBytesAsync(bytes);
        connection.Client.EndSending();
        List<string> lines = [];
        while (await reader.ReadAsync(cancellationToken) is { Kind: < LineReadKind.End } read)
            lines.Add(Text(read));
        return lines;
    }

    private static string Text(LineRead read) =>
        read.Kind == LineReadKind.TooLong ? "too long" : Encoding.UTF8.GetString(read.Line.Span);
}
