using System.Text;
using Chat.Load.Counting;

namespace Chat.Load.Tests;

public sealed class MarkerTests
{
    [TestCase("~3.17.123456789~")]
    [TestCase("[12:00] <ann> ~3.17.123456789~xxxxxxxx")]
    [TestCase(":ann!a@host PRIVMSG #r0 :~3.17.123456789~xx\r")]
    [TestCase("{\"type\":1,\"arguments\":[\"~3.17.123456789~\"]}")]
    [TestCase("~~~1.~2.3~x~3.17.123456789~")]
    [TestCase("~3.17.123456789~ ~4.1.1~")]
    public void The_first_marker_is_found_wherever_it_is(string line)
    {
        var found = Marker.TryFind(Encoding.UTF8.GetBytes(line), out var marker);

        Assert.That((found, marker), Is.EqualTo((true, new Marker(3, 17, 123456789))));
    }

    [TestCase("")]
    [TestCase("~")]
    [TestCase("~1.2.3")]
    [TestCase("~1.2~")]
    [TestCase("~1..3~")]
    [TestCase("~1.-2.3~")]
    [TestCase("~4294967296.1.1~")]
    [TestCase("~1.4294967296.1~")]
    [TestCase("~1.1.1234567890123456789~")]
    public void What_is_no_marker_is_none(string line) =>
        Assert.That(Marker.TryFind(Encoding.UTF8.GetBytes(line), out _), Is.False);

    [Test]
    public void What_is_written_is_read_again([Values(1, 64)] int size, [Values(0u, uint.MaxValue)] uint number)
    {
        var marker = new Marker(number, number, 999_999_999_999_999_999);
        Span<byte> text = stackalloc byte[64];

        var length = marker.Write(text, size);

        Marker.TryFind(text[..length], out var read);
        Assert.That(read, Is.EqualTo(marker));
    }

    [Test]
    public void A_line_has_the_size_that_is_asked_for()
    {
        Span<byte> text = stackalloc byte[64];

        var length = new Marker(1, 2, 3).Write(text, 20);

        Assert.That(Encoding.UTF8.GetString(text[..length]), Is.EqualTo("~1.2.3~xxxxxxxxxxxxx"));
    }

    [Test]
    public void A_marker_that_is_longer_than_the_size_is_whole()
    {
        Span<byte> text = stackalloc byte[64];

        var length = new Marker(1, 2, 3).Write(text, 5);

        Assert.That(Encoding.UTF8.GetString(text[..length]), Is.EqualTo("~1.2.3~"));
    }
}
