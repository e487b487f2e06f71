using System.Globalization;
using Chat.Transport.Tcp;

namespace Chat.Server.Configuration;

/// <summary>Reads <c>HOST:PORT</c>.</summary>
internal static class TcpAddress
{
    /// <summary>Makes listener options of an address.</summary>
    /// <exception cref="SettingsException">It is not an address.</exception>
    public static TcpListenerOptions Parse(string address, TcpSettings settings)
    {
        var colon = address.LastIndexOf(':');
        var host = colon > 0 ? address[..colon] : "";
        var isBareIpv6 = host.Contains(':', StringComparison.Ordinal) && !(host.StartsWith('[') && host.EndsWith(']'));
        if (host.Length == 0 || isBareIpv6 || !ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new SettingsException(
                $"Listen:Tcp: '{address}' is not an address to listen on. Write HOST:PORT with a port from 0 to 65535: 127.0.0.1:8888, [::1]:8888, *:8888");
        }

        return new TcpListenerOptions
        {
            Host = host.Trim('[', ']'),
            Port = port,
            SendBufferBytes = settings.SendBufferBytes,
            Backlog = settings.Backlog,
            Linger = settings.Linger,
            UserTimeout = settings.UserTimeout,
        };
    }
}
