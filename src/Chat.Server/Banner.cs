using System.Net;
using Chat.Engine;

namespace Chat.Server;

/// <summary>What the server says when it is ready.</summary>
internal sealed class Banner(string version, string pluginFolder, TextWriter output)
{
    public async Task WriteAsync(ChatServer server)
    {
        await output.WriteLineAsync($"Chat {version} is ready.").ConfigureAwait(false);
        foreach (var endPoint in server.EndPoints.OfType<IPEndPoint>())
            await output.WriteLineAsync($"Listening on {endPoint} (TCP). Try: telnet {Reach(endPoint.Address)} {endPoint.Port}").ConfigureAwait(false);
        await output.WriteLineAsync($"Drop plugins (.dll) and scripts (.csx) into {pluginFolder}").ConfigureAwait(false);
        await output.WriteLineAsync(server.DescribeHooks()).ConfigureAwait(false);
        await output.WriteLineAsync("Ctrl-C stops.").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }

    private static IPAddress Reach(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any) ? IPAddress.Loopback : address;
}
