using System.Net;

namespace Chat.Server;

/// <summary>What the server prints when it starts, when it is ready and when it stops.</summary>
internal sealed class Banner(string version, string pluginFolder, string? keyFile, TextWriter output)
{
    public Task WriteStartingAsync() =>
        WriteAsync([$"Chat {version} is starting: loading plugins and compiling scripts."]);

    public Task WriteReadyAsync(ChatServer server) => WriteAsync(
    [
        $"Chat {version} is ready.",
        .. server.EndPoints.OfType<IPEndPoint>().Select(endPoint =>
            $"Listening on {endPoint} (TCP). Try: telnet {Reach(endPoint.Address)} {endPoint.Port}"),
        $"Drop plugins (.dll) and scripts (.csx) into {pluginFolder}",
        server.DescribeHooks(),
        .. keyFile is null
            ? (string[])[]
            : [$"To become an operator in the chat, type /operator and the key in {keyFile}"],
        "Ctrl-C stops.",
    ]);

    public Task WriteStoppingAsync() => WriteAsync(["Stopping."]);

    private async Task WriteAsync(IEnumerable<string> lines)
    {
        try
        {
            foreach (var line in lines)
                await output.WriteLineAsync(line).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody reads it.
        }
    }

    /// <summary>An address that leads to the listener from this machine. All of IPv6 includes IPv4.</summary>
    private static IPAddress Reach(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Any) ? IPAddress.Loopback : address;
}
