using System.Globalization;
using System.Text;

namespace Chat.Server.Tests;

[CancelAfter(60_000)]
internal sealed class ShutdownTests
{
    private const int HangUp = 1, Interrupt = 2, Quit = 3, User1 = 10, Alarm = 14, Terminate = 15;

    [TestCase(Interrupt)]
    [TestCase(Terminate)]
    public async Task A_signal_says_goodbye_to_everyone_and_ends_within_5_seconds_though_some_never_read(
        int signal, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        using var bob = await LineClient.ConnectAsync(server.EndPoint, "bob", cancellationToken);
        using var deaf = await LineClient.ConnectAsync(server.EndPoint, cancellationToken);
        deaf.Socket.ReceiveBufferSize = 4096;
        var line = new string('x', 1500);
        for (var sent = 0; sent < 500; sent++)
            await ann.SendAsync(line);
        await ann.SeenSoFarAsync();

        var stopping = server.StopAsync(signal, cancellationToken);
        var last = await ann.ReadToEndAsync();
        var bobsLast = await bob.ReadToEndAsync();
        var (exitCode, took) = await stopping;

        Assert.Multiple(() =>
        {
            Assert.That(last, Does.Contain("The server is stopping. Goodbye."));
            Assert.That(bobsLast, Does.Contain("The server is stopping. Goodbye."));
            Assert.That(exitCode, Is.Zero);
            Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
            Assert.That(server.Output.TrimEnd(), Does.EndWith("Stopping."));
            Assert.That(server.Log, Does.Not.Contain("   at "), "no stack trace");
        });
    }

    [TestCase(HangUp)]
    [TestCase(Quit)]
    [TestCase(User1)]
    [TestCase(Alarm)]
    [Platform("Linux", Reason = "The numbers of signals differ elsewhere.")]
    public async Task F3_a_signal_that_would_end_the_process_is_a_polite_stop(
        int signal, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);

        var (exitCode, _) = await server.StopAsync(signal, cancellationToken);

        Assert.That(await ann.ReadToEndAsync(), Does.Contain("The server is stopping. Goodbye."));
        Assert.That((exitCode, server.Log), Is.EqualTo((0, "")));
    }

    [Test]
    [Platform("Linux", Reason = "Which signals a process ignores is read from /proc.")]
    public async Task F3_a_hang_up_stays_ignored_where_the_server_was_started_with_nohup(
        CancellationToken cancellationToken)
    {
        await using var server = ServerProcess.Launch(null, ["--no-bundled-plugins"], "trap '' HUP; exec \"$@\"");
        await server.StartsAsync(1, cancellationToken);

        var ignored = File.ReadLines($"/proc/{server.ProcessId}/status").Single(
            line => line.StartsWith("SigIgn:", StringComparison.Ordinal));

        Assert.That(ulong.Parse(ignored[7..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1, Is.EqualTo(1));
    }

    [Test]
    public async Task A_signal_while_it_is_starting_ends_it_with_exit_code_0(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/slow.csx", """Log.Info("starting"); await Task.Delay(Timeout.Infinite);""");
        await using var server = ServerProcess.Launch(null, ["--no-bundled-plugins", "--data", data.FullPath]);
        await server.LogsAsync("starting", cancellationToken);

        var (exitCode, took) = await server.StopAsync(Terminate, cancellationToken);

        Assert.That(exitCode, Is.Zero);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task What_was_said_just_before_the_stop_is_still_delivered(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        using var bob = await LineClient.ConnectAsync(server.EndPoint, "bob", cancellationToken);
        var said = new StringBuilder();
        for (var number = 0; number < 200; number++)
            said.Append(CultureInfo.InvariantCulture, $"line {number}\r\n");
        await ann.SendAsync(said.ToString().TrimEnd());
        await ann.SeenSoFarAsync();

        var stopping = server.StopAsync(Terminate, cancellationToken);
        var seen = await bob.ReadToEndAsync();
        await stopping;

        Assert.That(
            seen.Where(line => line.StartsWith("<ann>", StringComparison.Ordinal)),
            Is.EqualTo(Enumerable.Range(0, 200).Select(number => $"<ann> line {number}")));
    }
}
