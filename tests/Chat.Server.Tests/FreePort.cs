using System.Net;
using System.Net.Sockets;

namespace Chat.Server.Tests;

/// <summary>For servers that must know their port before they listen.</summary>
internal static class FreePort
{
    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
