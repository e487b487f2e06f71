using System.Text;
using Chat.Engine.Protocols;
using Chat.Events;
using Chat.Protocols;
using Chat.Testing;

namespace Chat.Engine.Tests.Protocols;

public sealed class TextProtocolTests
{
    private readonly TextProtocol _protocol = new("lobby");

    [TestCase("hello", "say", "hello")]
    [TestCase("  hello  ", "say", "  hello")]
    [TestCase("/nick ann", "nick", "ann")]
    [TestCase("/NICK  Ann ", "nick", "Ann")]
    [TestCase("/help", "help", "")]
    [TestCase("/", "", "")]
    [TestCase("/ x", "", "x")]
    [TestCase("//text", "say", "/text")]
    [TestCase("///", "say", "//")]
    [TestCase(" /quit", "say", " /quit")]
    [TestCase("/msg bob  a  b", "msg", "bob  a  b")]
    [TestCase("\ufeffhello", "say", "hello", TestName = "F4_a_byte_order_mark_is_not_said")]
    [TestCase("\ufeff/nick ann", "nick", "ann", TestName = "F4_a_byte_order_mark_does_not_hide_a_command")]
    [TestCase("a\ufeffb", "say", "a\ufeffb", TestName = "A_byte_order_mark_elsewhere_stays")]
    public void A_line_is_read_as_a_command(string line, string name, string arguments)
    {
        var command = Read(Encoding.UTF8.GetBytes(line));

        Assert.That(command, Is.EqualTo(new ClientCommand(name, arguments)));
    }

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("\u001b\u0007")]
    [TestCase("\u2028")]
    [TestCase("\ufeff")]
    public void A_blank_line_means_nothing(string line)
    {
        var command = Read(Encoding.UTF8.GetBytes(line));

        Assert.That(command, Is.Null);
    }

    [TestCase(new byte[] { (byte)'a', 0xc3, 0x28 }, "a\ufffd(")]
    [TestCase(new byte[] { 0xff, (byte)'a' }, "\ufffda")]
    [TestCase(new byte[] { 0xed, 0xa0, 0x80 }, "\ufffd\ufffd\ufffd")]
    [TestCase(new byte[] { 0xc0, 0xaf }, "\ufffd\ufffd")]
    [TestCase(new byte[] { (byte)'a', 0xf0, 0x9f }, "a\ufffd")]
    public void Invalid_utf8_becomes_replacement_characters(byte[] line, string text)
    {
        var command = Read(line);

        Assert.That(command, Is.EqualTo(new ClientCommand("say", text)));
    }

    [Test]
    public void Control_characters_are_gone_before_anybody_sees_the_line()
    {
        var command = Read("/me \u001b[31mr\u0007e\u009bd"u8.ToArray());

        Assert.That(command, Is.EqualTo(new ClientCommand("me", "[31mred")));
    }

    [Test]
    public void Events_of_the_default_room_are_written_as_they_are(
        [ValueSource(nameof(Written))] (RoomEvent Event, string Line) written)
    {
        Assert.That(Write(written.Event), Is.EqualTo($"{written.Line}\r\n"));
    }

    [Test]
    public void Events_of_other_rooms_name_their_room(
        [ValueSource(nameof(Written))] (RoomEvent Event, string Line) written)
    {
        var elsewhere = written.Event with { Room = "tea" };

        Assert.That(
            Write(elsewhere),
            Is.EqualTo($"[tea] {written.Line.Replace("lobby", "tea", StringComparison.Ordinal)}\r\n"));
    }

    [Test]
    public void The_default_rooms_name_goes_without_saying_in_any_case()
    {
        Assert.That(Write(Some.Said("hi", room: "LOBBY")), Is.EqualTo("<ann> hi\r\n"));
    }

    [Test]
    public void A_whisper_names_both_people()
    {
        Assert.That(Write(new Whispered(new("", "ann"), "bob", "psst")), Is.EqualTo("[ann -> bob] psst\r\n"));
    }

    [TestCase("one\ntwo", "one\r\ntwo\r\n")]
    [TestCase("one\r\ntwo", "one\r\ntwo\r\n")]
    [TestCase("", "\r\n")]
    public void A_notice_may_have_several_lines(string text, string written)
    {
        Assert.That(Write(new Notice(text)), Is.EqualTo(written));
    }

    [TestCase("a\r\nb")]
    [TestCase("a\nb")]
    [TestCase("a\rb")]
    [TestCase("a\u2028b")]
    [TestCase("a\u0085b")]
    public void What_somebody_says_is_one_line_whatever_is_in_it(string text)
    {
        var written = Write(Some.Said(text));

        Assert.That(written.Split("\r\n"), Has.Length.EqualTo(2));
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool No_event_writes_a_byte_that_drives_a_terminal(string? a, string? b, string? c, int kind)
    {
        var (x, y, z) = (a ?? "", b ?? "", c ?? "");
        ChatEvent[] events =
        [
            new Said(x, new("", y), z),
            new Said(x, new("", y), z) { Kind = MessageKind.Emote }, new Announced(x, y),
            new Joined(x, new("", y)), new Left(x, new("", y), z),
            new Renamed(x, new("", y), z),
            new LinesSkipped(x, kind), new Whispered(new("", x), y, z), new Notice(x), new Strange(x),
        ];

        return events.All(written => IsHarmless(Encoding.UTF8.GetBytes(Write(written))));
    }

    [TestCaseSource(nameof(Harmful))]
    public void No_event_writes_a_harmful_character(string text)
    {
        ChatEvent[] events =
        [
            new Said(text, new("", text), text),
            new Said(text, new("", text), text) { Kind = MessageKind.Emote }, new Announced(text, text),
            new Joined(text, new("", text)),
            new Left(text, new("", text), text),
            new Renamed(text, new("", text), text), new LinesSkipped(text, 1), new Whispered(new("", text), text, text),
            new Notice(text),
            new Strange(text),
        ];

        Assert.That(events, Is.All.Matches<ChatEvent>(written => IsHarmless(Encoding.UTF8.GetBytes(Write(written)))));
    }

    private static IEnumerable<string> Harmful() =>
        Enumerable.Range(0, 0xa0).Where(code => code is < 0x20 or >= 0x7f).Select(code => $"a{(char)code}b");

    private static IEnumerable<(RoomEvent Event, string Line)> Written()
    {
        yield return (new Said("lobby", new("", "ann"), "hi"), "<ann> hi");
        yield return (new Said("lobby", new("", "ann"), "waves") { Kind = MessageKind.Emote }, "* ann waves");
        yield return (new Announced("lobby", "news"), "*** news");
        yield return (new Joined("lobby", new("", "ann")), "*** ann joined lobby");
        yield return (new Left("lobby", new("", "ann"), null), "*** ann left lobby");
        yield return (new Left("lobby", new("", "ann"), "quit"), "*** ann left lobby (quit)");
        yield return (new Renamed("lobby", new("", "ann"), "anna"), "*** ann is now anna");
        yield return (new LinesSkipped("lobby", 1), "*** 1 line skipped: you were reading too slowly");
        yield return (new LinesSkipped("lobby", 12), "*** 12 lines skipped: you were reading too slowly");
    }

    /// <summary>No C0 but TAB and the CR LF that ends a line, no DEL, no C1.</summary>
    private static bool IsHarmless(byte[] bytes)
    {
        for (var index = 0; index < bytes.Length; index++)
        {
            var next = index + 1 < bytes.Length ? bytes[index + 1] : -1;
            switch (bytes[index])
            {
                case 0x0d when next == 0x0a:
                    index++;
                    break;
                case <= 0x08 or (>= 0x0a and <= 0x1f) or 0x7f:
                case 0xc2 when next is >= 0x80 and <= 0x9f:
                    return false;
            }
        }

        return bytes.AsSpan().EndsWith("\r\n"u8);
    }

    private ClientCommand? Read(ReadOnlyMemory<byte> line)
    {
        var isCommand = _protocol.TryRead(ref line, out var command);
        Assert.That(line.IsEmpty, Is.True);
        return isCommand ? command : null;
    }

    private string Write(ChatEvent chatEvent)
    {
        using var buffer = new ByteBuffer();
        _protocol.Write(chatEvent, buffer);
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    private sealed record Strange(string Text) : ChatEvent;
}
