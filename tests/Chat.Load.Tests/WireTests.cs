using System.Text;
using Chat.Load.Wire;

namespace Chat.Load.Tests;

public sealed class WireTests
{
    [TestCase("Line", "~1.2.3~\n")]
    [TestCase("Irc", "PRIVMSG #r7 :~1.2.3~\r\n")]
    [TestCase("Nats", "PUB r.7 7\r\n~1.2.3~\r\n")]
    public void A_line_is_written_as_the_protocol_wants_it(string kind, string expected) =>
        Assert.That(Write(Enum.Parse<WireKind>(kind), "~1.2.3~"), Is.EqualTo(expected));

    [TestCase(10)]
    [TestCase(125)]
    [TestCase(4000)]
    public void A_record_is_in_a_masked_frame_of_its_length(int size)
    {
        var text = new string('x', size);
        var record = $$"""{"type":1,"target":"SendTo","arguments":["r7","{{text}}"]}""" + "\u001e";

        var frame = Write(WireKind.SignalR, text);

        var length = record.Length < 126
            ? $"{(char)(0x80 | record.Length)}"
            : $"\u00fe{(char)(record.Length >> 8)}{(char)(record.Length & 0xff)}";
        Assert.That(frame, Is.EqualTo($"\u0081{length}\0\0\0\0{record}"));
    }

    private static string Write(WireKind kind, string text)
    {
        var wire = WireKinds.Create(new LoadOptions { Port = 1, Proto = kind, Rooms = 8 });
        var output = new byte[5000];
        return Encoding.Latin1.GetString(output, 0, wire.Write(7, Encoding.ASCII.GetBytes(text), output));
    }
}
