using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Chat.Server.Configuration;

/// <summary>Reads <c>HOST:PORT</c>.</summary>
internal static class TcpAddress
{
    /// <summary>Turns an address into the options of its listeners: two for <c>localhost</c>, which is 127.0.0.1 and
    /// ::1, else one.</summary>
    /// <exception cref="SettingsException">It is not an address.</exception>
    public static IEnumerable<TcpListenerOptions> Parse(string address, TcpSettings settings)
    {
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon] : "";
        var isBareIpv6 = host.Contains(':', StringComparison.Ordinal) && !(host.StartsWith('[') && host.EndsWith(']'));
        var digits = address.AsSpan(colon + 1);
        if (host.Length == 0
            || isBareIpv6
            || !ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new SettingsException(
                $"Listen:Tcp: '{address}' is not an address to listen on. "
                + "Write HOST:PORT with a port from 0 to 65535: 127.0.0.1:8888, [::1]:8888, *:8888");
        }

        return HostsOf(host.Trim('[', ']')).Select(each => new TcpListenerOptions
        {
            Host = each,
            Port = port,
            SendBufferBytes = settings.SendBufferBytes,
            Backlog = settings.Backlog,
            Linger = settings.Linger,
            UserTimeout = settings.UserTimeout,
        });
    }

    private static string[] HostsOf(string host)
    {
        if (!host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return [host];
        return HasIpv6Loopback() ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
    }

    /// <summary>Whether this machine has ::1; many containers do not.</summary>
    private static bool HasIpv6Loopback()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
