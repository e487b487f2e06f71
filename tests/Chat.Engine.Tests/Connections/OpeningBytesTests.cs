using System.Text;
using Chat.Engine.Connections;

namespace Chat.Engine.Tests.Connections;

public sealed class OpeningBytesTests
{
    private const string Tls = "16 03 01 02 00 01 00 01 fc 03 03 0a 15 08 17";
    private const string Proxy2 = "0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a 21 11 00 0c 7f 00 00 01";
    private const string Stun = "00 01 00 00 21 12 a4 42 0a 2f 6e 69 63 6b";

    private static readonly TestCaseData[] _foreign =
    [
        new TestCaseData(Hex(Tls), "TLS"),
        new TestCaseData(Hex(Proxy2), "PROXY"),
        new TestCaseData(Hex(Stun), "STUN"),
        Line("GET / HTTP/1.1\r\nHost: chat\r\n\r\n", "HTTP"),
        Line("POST /chat?x=/nick HTTP/1.1\r\n\r\n/nick mallory\r\nhello\r\n", "HTTP"),
        Line("OPTIONS * HTTP/1.0\r\n", "HTTP"),
        Line("CONNECT irc.example:6667 HTTP/1.1\r\n", "HTTP"),
        Line("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP"),
        Line("\r\n\r\nGET / HTTP/1.1\r\n", "HTTP"),
        Line($"POST /{new string('x', 100_000)} HTTP/1.1\r\n\r\n/nick mallory\r\n", "HTTP"),
        Line("PROXY TCP4 192.0.2.1 192.0.2.2 5000 8888\r\nhello\r\n", "PROXY"),
        Line("PROXY TCP6 2001:db8::1 2001:db8::2 5000 8888\r\n", "PROXY"),
        Line("PROXY UNKNOWN\r\n", "PROXY"),
        Line("SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
        Utf16(Encoding.Unicode, hasMark: true),
        Utf16(Encoding.Unicode, hasMark: false),
        Utf16(Encoding.BigEndianUnicode, hasMark: true),
        Utf16(Encoding.BigEndianUnicode, hasMark: false),
        new TestCaseData(Hex("00 6e 00 69 00 63 00 6b 00 0d 00 0a"), "UTF-16").SetArgDisplayNames(
            "UTF-16 after telnet"),
    ];

    [TestCaseSource(nameof(_foreign))]
    public async Task F6_another_protocol_is_recognized_before_anything_is_executed(byte[] bytes, string protocol)
    {
        Assert.That((await ReadAsync(bytes)).TrimStart('|'), Is.EqualTo($"refused: {protocol}"));
    }

    [TestCaseSource(nameof(_foreign))]
    public async Task F6_another_protocol_is_recognized_however_its_bytes_are_split(byte[] bytes, string protocol)
    {
        for (var cut = 1; cut < Math.Min(bytes.Length, 16); cut++)
            Assert.That(
                await ReadAsync(bytes[..cut], bytes[cut..]), Does.EndWith($"refused: {protocol}"), $"cut after {cut}");
    }

    [TestCase("hello")]
    [TestCase("/nick ann")]
    [TestCase("GET /foo")]
    [TestCase("I like HTTP/1.1")]
    [TestCase("HTTP/1.1")]
    [TestCase("SSH is nice")]
    [TestCase("PROXY")]
    [TestCase("what: nobody speaks HTTP/2")]
    [TestCase("\ufeff/nick ann")]
    [TestCase("é")]
    public async Task A_first_line_that_only_looks_like_another_protocol_is_a_line(string line)
    {
        Assert.That(await ReadAsync(Encoding.UTF8.GetBytes($"{line}\r\n")), Is.EqualTo(line));
    }

    [TestCase("\r\0\r\0\r\0hello\r\0", "|||hello")]
    [TestCase("\r\n\r\n\r\nhello\r\n", "|||hello")]
    public async Task Enter_pressed_first_is_no_other_protocol(string bytes, string lines)
    {
        Assert.That(await ReadAsync(Encoding.UTF8.GetBytes(bytes)), Is.EqualTo(lines));
    }

    [Test]
    public async Task Only_the_first_line_is_looked_at()
    {
        Assert.That(
            await ReadAsync("hi\nGET / HTTP/1.1\nPROXY UNKNOWN\n"u8.ToArray()),
            Is.EqualTo("hi|GET / HTTP/1.1|PROXY UNKNOWN"));
    }

    private static TestCaseData Line(string bytes, string protocol) =>
        new TestCaseData(Encoding.UTF8.GetBytes(bytes), protocol).SetArgDisplayNames(
            bytes[..Math.Min(bytes.Length, 20)].Trim());

    private static TestCaseData Utf16(Encoding encoding, bool hasMark) =>
        new TestCaseData(
            (byte[])[.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("/nick bob\r\n")], "UTF-16")
            .SetArgDisplayNames($"{encoding.WebName}, mark: {hasMark}");

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The lines up to the end or the refusal, parted by bars.</summary>
    private static async Task<string> ReadAsync(params byte[][] pieces)
    {
        var reader = new LineReader(
            new Pieces([.. pieces.SelectMany(piece => piece.Chunk(8192))]), 4096, hasEditingKeys: true);
        List<string> lines = [];
        while (true)
        {
            var read = await reader.ReadAsync(CancellationToken.None);
            if (read.Kind == LineReadKind.Refused)
                lines.Add(
                    $"refused: {reader.Refusal!.Reason.Split(' ').First(word => word.All(c => !char.IsLower(c)))}");
            if (read.Kind is LineReadKind.Refused or LineReadKind.End)
                return string.Join('|', lines);
            lines.Add(Encoding.UTF8.GetString(read.Line.Span));
        }
    }
}
