using System.Net;
using Chat.Transport.Tcp.Epoll;

namespace Chat.Transport.Tcp.Tests.Epoll;

[Platform("Linux")]
public sealed class PeerAddressTests
{
    private const string V4 = "02 00 1f 90 7f 00 00 01 00 00 00 00 00 00 00 00";

    [Test]
    public void An_IPv4_address_is_read()
    {
        var endPoint = PeerAddress.Read(Bytes.Hex(V4)).ToEndPoint();

        Assert.That(endPoint, Is.EqualTo(IPEndPoint.Parse("127.0.0.1:8080")));
    }

    [Test]
    public void Port_and_address_of_all_ones_are_read()
    {
        var endPoint = PeerAddress.Read(Bytes.Hex("02 00 ff ff ff ff ff ff 00 00 00 00 00 00 00 00")).ToEndPoint();

        Assert.That(endPoint, Is.EqualTo(new IPEndPoint(IPAddress.Broadcast, 65535)));
    }

    [TestCase("::1")]
    [TestCase("2001:db8:1:2:3:4:5:6")]
    [TestCase("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_IPv6_address_is_read(string address)
    {
        var endPoint = PeerAddress.Read(V6(address, scope: 0)).ToEndPoint();

        Assert.That(endPoint, Is.EqualTo(new IPEndPoint(IPAddress.Parse(address), 8080)));
    }

    [Test]
    public void An_IPv4_address_of_a_socket_for_both_families_is_shown_as_IPv4()
    {
        var endPoint = PeerAddress.Read(V6("::ffff:10.1.2.3", scope: 0)).ToEndPoint();

        Assert.That(endPoint, Is.EqualTo(IPEndPoint.Parse("10.1.2.3:8080")));
    }

    [Test]
    public void The_scope_of_a_link_local_address_is_kept()
    {
        var endPoint = PeerAddress.Read(V6("fe80::1", scope: 7)).ToEndPoint();

        Assert.That(endPoint!.Address.ToString(), Is.EqualTo("fe80::1%7"));
    }

    [Test]
    public void An_address_that_is_cut_short_is_none([Values(0, 1, 2, 7)] int length)
    {
        var endPoint = PeerAddress.Read(Bytes.Hex(V4).AsSpan(0, length)).ToEndPoint();

        Assert.That(endPoint, Is.Null);
    }

    [Test]
    public void An_IPv6_address_that_is_cut_short_is_none([Values(8, 16, 27)] int length)
    {
        var endPoint = PeerAddress.Read(V6("::1", scope: 0).AsSpan(0, length)).ToEndPoint();

        Assert.That(endPoint, Is.Null);
    }

    [TestCase("01")]
    [TestCase("00")]
    public void An_address_of_another_family_is_none(string family)
    {
        var endPoint = PeerAddress.Read(Bytes.Hex(family + V4[2..])).ToEndPoint();

        Assert.That(endPoint, Is.Null);
    }

    /// <summary>As the system writes it on a little-endian machine: family, port, flow, address, scope.</summary>
    private static byte[] V6(string address, byte scope) =>
        [.. Bytes.Hex("0a 00 1f 90 00 00 00 00"), .. IPAddress.Parse(address).GetAddressBytes(), scope, 0, 0, 0];
}
