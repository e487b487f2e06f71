using System.Globalization;

namespace Chat.Server.Tests;

/// <summary>The server under <c>chat-server supervise</c>, in whatever way either of them ends.</summary>
[CancelAfter(240_000)]
internal sealed class SupervisorTests
{
    private const int HangUp = 1, Interrupt = 2, Kill = 9, Terminate = 15;

    [Test]
    public async Task F3_a_supervised_server_that_is_told_to_stop_stays_stopped(
        [Values(HangUp, Interrupt, Terminate)] int signal, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);

        var (exitCode, _) = await server.StopAsync(signal, cancellationToken);

        Assert.That(exitCode, Is.Zero);
        Assert.That(server.Log, Does.Not.Contain("crashed"));
        Assert.That(await ann.ReadToEndAsync(), Has.Some.Contains("Goodbye"));
    }

    [Test]
    public async Task A_server_that_cannot_start_says_so_once(CancellationToken cancellationToken)
    {
        await using var other = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");

        var (exitCode, _, error) = await ServerProcess.RunAsync(
            cancellationToken, null, "supervise", "--no-bundled-plugins", "--tcp", $"{other.EndPoint}");

        Assert.That(
            (exitCode, error.Trim()),
            Is.EqualTo(
                (1, $"chat-server: Cannot listen on {other.EndPoint}: another program is already listening there.")));
    }

    [Test]
    public async Task A_server_whose_supervisor_is_killed_says_goodbye_and_stops(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);

        await server.StopAsync(Kill, cancellationToken);

        Assert.That(await ann.ReadToEndAsync(), Has.Some.Contains("Goodbye"));
    }

    [Test]
    public async Task A_server_that_is_killed_again_and_again_starts_without_plugins_once(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/shout.csx", "OnMessage(m => Rewrite(m.Text.ToUpperInvariant()));");
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);
        for (var deaths = 1; deaths <= 3; deaths++)
        {
            await KillServerAsync(data, cancellationToken);
            await server.StartsAsync(deaths + 1, cancellationToken);
        }

        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("hi");
        await ann.SeesAsync("<ann> hi");
        await ann.SendAsync("/hooks");
        await ann.SeesAsync("shout.csx: the server died 3 times within a minute for an unknown reason");
        await KillServerAsync(data, cancellationToken);
        await server.StartsAsync(5, cancellationToken);
        using var bob = await LineClient.ConnectAsync(server.EndPoint, "bob", cancellationToken);
        await bob.SendAsync("hi");
        await bob.SeesAsync("<bob> HI");
    }

    /// <summary>The server, not its supervisor.</summary>
    private static async Task KillServerAsync(TemporaryFolder data, CancellationToken cancellationToken)
    {
        var server = int.Parse(
            await File.ReadAllTextAsync(data.File("server.pid"), cancellationToken), CultureInfo.InvariantCulture);
        Assert.That(ServerProcess.Kill(server, Kill), Is.Zero);
    }
}
