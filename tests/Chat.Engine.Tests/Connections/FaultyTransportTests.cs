using Chat.Scenes.Clients;

namespace Chat.Engine.Tests.Connections;

[CancelAfter(10000)]
public sealed class FaultyTransportTests
{
    private readonly CollectingLog _log = new();

    [TestCase("Id")]
    [TestCase("RemoteEndPoint")]
    [TestCase("DisposeAsync")]
    [TestCase("ReceiveAsync")]
    [TestCase("ReceiveAsync, too much")]
    [TestCase("ReceiveAsync, less than nothing")]
    [TestCase("SendAsync")]
    [TestCase("SendAsync, too much")]
    [TestCase("listener.AcceptAsync")]
    [TestCase("listener.EndPoint")]
    [TestCase("listener.DisposeAsync")]
    public async Task F12_a_fault_of_one_connection_does_not_end_accepting(
        string member, CancellationToken cancellationToken)
    {
        var transport = new FaultyTransport(member);
        var server = await StartAsync(transport, TimeProvider.System, cancellationToken);
        var first = transport.Open(cancellationToken).Client;
        await SayAndGoAsync(first);

        var second = transport.Open(cancellationToken).Client;
        await second.PingAsync();
        await server.StopAsync(cancellationToken);

        Assert.That(await second.ReadToEndAsync(), Has.Member("The server is stopping. Goodbye."));
        await server.DisposeAsync();
    }

    /// <summary>
    /// The clock calls back on the thread of whoever moves it: what ends the process elsewhere fails here.
    /// </summary>
    [TestCase("Abort")]
    [TestCase("AcknowledgedBytes")]
    public async Task F13_a_connection_that_fails_when_a_timer_asks_ends_nothing(
        string member, CancellationToken cancellationToken)
    {
        var time = new WatchedTime();
        var transport = new FaultyTransport(member);
        await using var server = await StartAsync(transport, time, cancellationToken);
        transport.Open(cancellationToken);
        await time.Timers.WaitForAsync(due => due == TimeSpan.FromSeconds(10) / 4, cancellationToken);

        Assert.That(() => time.Advance(TimeSpan.FromSeconds(10)), Throws.Nothing);
        await transport.Open(cancellationToken).Client.PingAsync();

        Assert.That(_log.Lines.All, Has.Some.StartsWith($"Error: A transport failed in {member}"));
        Assert.That(_log.Lines.All, Has.Some.Contains("read nothing for 10 s"));
    }

    /// <summary>The connection may have been closed already, for its fault.</summary>
    private static async Task SayAndGoAsync(TestClient client)
    {
        try
        {
            await client.SendLineAsync("hello");
            client.EndSending();
        }
        catch (IOException)
        {
        }
    }

    private async Task<ChatServer> StartAsync(
        FaultyTransport transport, TimeProvider clock, CancellationToken cancellationToken)
    {
        var options = new ChatServerOptions { GreetingDelay = TimeSpan.Zero, LoggerFactory = _log, Clock = clock };
        options.Listeners.Add(transport);
        var server = new ChatServer(options);
        await server.StartAsync(cancellationToken);
        return server;
    }
}
