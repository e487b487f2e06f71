using System.Net;
using System.Net.Sockets;
using Chat.Server.Configuration;

namespace Chat.Server.Tests;

/// <summary>
/// The server on an unusual machine: closed streams, few descriptors, a full disk, an old folder.
/// </summary>
[CancelAfter(60_000)]
[Platform("Linux", Reason = "These are peculiarities of Linux.")]
internal sealed class SurroundingsTests
{
    private const int Terminate = 15;

    [TestCase(">&-")]
    [TestCase("2>&-")]
    [TestCase("<&- >&- 2>&-")]
    [TestCase(">/dev/full 2>/dev/full")]
    public async Task F21_a_server_that_cannot_print_serves_and_stops(
        string redirections, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        var port = FreePort.Any();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(data.FullPath, "control.sock") { EnableRaisingEvents = true };
        watcher.Created += (_, _) => ready.TrySetResult();
        await using var server = ServerProcess.Launch(
            null,
            ["--no-bundled-plugins", "--data", data.FullPath, "--tcp", $"127.0.0.1:{port}"],
            $"exec \"$@\" {redirections}");
        await ready.Task.WaitAsync(cancellationToken);
        using var ann = await LineClient.ConnectAsync(new(IPAddress.Loopback, port), "ann", cancellationToken);

        var (exitCode, _) = await server.StopAsync(Terminate, cancellationToken);

        Assert.That(await ann.ReadToEndAsync(), Does.Contain("The server is stopping. Goodbye."));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public async Task F8_a_limit_of_descriptors_that_is_too_low_is_one_sentence_and_exit_code_1(
        CancellationToken cancellationToken)
    {
        await using var server = ServerProcess.Launch(null, ["--no-bundled-plugins"], "ulimit -n 64; exec \"$@\"");
        await server.EndAsync(cancellationToken);

        Assert.That(server.Log.Trim(), Is.EqualTo(
            "chat-server: This process may open at most 64 files, but needs at least 256, and one more for each "
                + "connection. "
            + "Raise the limit: ulimit -n 4096 in a shell, LimitNOFILE=4096 in a systemd unit."));
        Assert.That(server.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task F8_the_least_limit_of_descriptors_is_enough_to_start_with_scripts_to_compile(
        CancellationToken cancellationToken)
    {
        await using var server = ServerProcess.Launch(null, [], "ulimit -n 256; exec \"$@\"");
        await server.StartsAsync(1, cancellationToken);

        Assert.That(server.Output, Does.Contain("greeter (greeter.csx)"));
    }

    [TestCase("th_TH.UTF-8")]
    [TestCase("ar_SA.UTF-8")]
    [TestCase("fi_FI.UTF-8")]
    public async Task F9_the_log_has_the_same_times_in_every_locale(string locale, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("crash-journal/in-the-way", "");
        await using var server = ServerProcess.Launch(
            new Dictionary<string, string> { ["LC_ALL"] = locale }, ["--no-bundled-plugins", "--data", data.FullPath]);
        await server.StartsAsync(1, cancellationToken);

        Assert.That(
            server.Log,
            Does.Match(
                @"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ warn: Chat\.PluginHost\.Crashes\.CrashJournal\[1\] The file "));
    }

    [Test]
    public async Task G10_a_server_that_cannot_keep_the_operators_key_serves_without_operators(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        File.CreateSymbolicLink(data.File("operator.key"), data.File("no-such-folder/key"));

        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--data", data.FullPath);

        Assert.That(
            server.Log,
            Does.Contain(
                $"Nobody can become an operator. The operator's key cannot be kept in {data.File("operator.key")}: "));
        Assert.That(server.Output, Does.Not.Contain("/operator"));
    }

    [Test]
    public void G10_an_empty_key_that_a_full_disk_has_left_behind_is_drawn_again()
    {
        using var data = new TemporaryFolder();
        data.Save("operator.key", "");

        var key = OperatorKey.Of(new ServerSettings { Data = data.FullPath });

        Assert.That(key.Value, Does.Match("^[0-9a-f]{32}$"));
        Assert.That(File.ReadAllText(data.File("operator.key")).Trim(), Is.EqualTo(key.Value));
    }

    [Test]
    public void A_key_that_is_too_short_is_refused_with_its_file()
    {
        using var data = new TemporaryFolder();
        data.Save("operator.key", "abc");

        Assert.That(
            () => OperatorKey.Of(new ServerSettings { Data = data.FullPath }),
            Throws.TypeOf<SettingsException>().With.Message.StartsWith(
                $"The operator's key in {data.File("operator.key")} is too short"));
    }

    [Test]
    public void G7_a_folder_that_cannot_be_written_to_is_not_taken_for_another_servers()
    {
        using var data = new TemporaryFolder();
        data.Save("server.pid", "4242\n");

        // Root may write to every folder, but cannot open a link to itself.
        File.CreateSymbolicLink(data.File("server.lock"), data.File("server.lock"));

        Assert.That(
            () => DataFolder.Take(data.FullPath),
            Throws.TypeOf<SettingsException>().With.Message.StartsWith(
                "Data: the server must be able to write to its data folder, but cannot open"));
    }

    [Test]
    public void G7_an_old_process_id_is_not_taken_for_the_owner_of_the_lock()
    {
        using var data = new TemporaryFolder();
        using var held = new FileStream(
            data.File("server.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        data.Save("server.pid", $"{Environment.ProcessId}\n");
        File.SetLastWriteTimeUtc(data.File("server.pid"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.That(
            () => DataFolder.Take(data.FullPath),
            Throws.TypeOf<SettingsException>().With.Message.StartsWith(
                $"Data: another server is using {data.FullPath}."));
    }

    [Test]
    public async Task G6_nobody_can_connect_before_plugins_are_loaded(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/slow.csx", """
            using System.IO;
            Log.Info("loading");
            while (!File.Exists(Path.Combine(Environment.GetEnvironmentVariable("CHAT_TEST_GATE")!, "open")))
                await Task.Delay(10);
            OnMessage(m => Rewrite("guarded"));
            """);
        var port = FreePort.Any();
        await using var server = ServerProcess.Launch(
            new Dictionary<string, string> { ["CHAT_TEST_GATE"] = data.FullPath },
            [
                "--no-bundled-plugins", "--data", data.FullPath, "--tcp", $"127.0.0.1:{port}",
                "--set", "Plugins:StartTimeout=00:00:50",
            ]);
        await server.LogsAsync("loading", cancellationToken);
        using var early = new TcpClient();

        var refused = Assert.ThrowsAsync<SocketException>(
            () => early.ConnectAsync("127.0.0.1", port, cancellationToken).AsTask());
        Assert.That(refused.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(server.Output, Does.Contain("is starting: loading plugins"));

        data.Save("open", "");
        await server.StartsAsync(1, cancellationToken);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("hi");
        await ann.SeesAsync("<ann> guarded");
    }

    [TestCase("*:0")]
    [TestCase("0.0.0.0:0")]
    [TestCase("[::]:0")]
    [TestCase("[::1]:0")]
    [TestCase("localhost:0")]
    public async Task F19_whatever_the_banner_advises_works(string address, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--tcp", address);
        var advised = server.Output.Split('\n').Where(line => line.Contains("Try: telnet ", StringComparison.Ordinal))
            .Select(line => line.Split("Try: telnet ")[1].Trim().Split(' ')).ToList();

        foreach (var words in advised)
        {
            var endPoint = new IPEndPoint(
                IPAddress.Parse(words[0]),
                int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
            using var client = await LineClient.ConnectAsync(endPoint, cancellationToken);
            Assert.That(await client.ReadAsync(), Does.StartWith("Welcome"));
        }

        Assert.That(advised, Is.Not.Empty);
    }

    [Test]
    public void F19_localhost_is_both_loopback_addresses() =>
        Assert.That(
            TcpAddress.Parse("localhost:7000", new TcpSettings()).Select(options => (options.Host, options.Port)),
            Is.EqualTo(new[] { ("127.0.0.1", 7000), ("::1", 7000) }));
}
