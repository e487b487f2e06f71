using System.Net;
using Chat.Engine;

namespace Chat.Server;

/// <summary>What the server says when it is ready, and when it stops.</summary>
internal sealed class Banner(string version, string pluginFolder, string? keyFile, TextWriter output)
{
    public async Task WriteAsync(ChatServer server)
    {
        await output.WriteLineAsync($"Chat {version} is ready.").ConfigureAwait(false);
        foreach (var endPoint in server.EndPoints.OfType<IPEndPoint>())
            await output.WriteLineAsync($"Listening on {endPoint} (TCP). Try: telnet {Reach(endPoint.Address)} {endPoint.Port}").ConfigureAwait(false);
        await output.WriteLineAsync($"Drop plugins (.dll) and scripts (.csx) into {pluginFolder}").ConfigureAwait(false);
        await output.WriteLineAsync(server.DescribeHooks()).ConfigureAwait(false);
        if (keyFile is not null)
            await output.WriteLineAsync($"To be an operator in the chat, type /operator and the key in {keyFile}").ConfigureAwait(false);
        await output.WriteLineAsync("Ctrl-C stops.").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }

    public async Task WriteStoppingAsync()
    {
        await output.WriteLineAsync("Stopping.").ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }

    private static IPAddress Reach(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any) ? IPAddress.Loopback : address;
}
