using System.Net;
using System.Net.Sockets;

namespace Chat.Server.Tests;

[CancelAfter(60_000)]
internal sealed class StartupTests
{
    [Test]
    public async Task It_says_where_it_listens_where_plugins_go_and_which_hooks_run(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(server.EndPoint.Port, Is.Positive, "the real port instead of 0");
            Assert.That(server.Output, Does.Contain($"scripts (.csx) into {server.Plugins}"));
            Assert.That(
                server.Output,
                Does.Match(
                    @"1\.  hook   Emoji +normal 100  Emoji\.dll\n +2\.  guard  WordGuard +normal 100  WordGuard\.dll"));
            Assert.That(server.Output, Does.Contain("greeter (greeter.csx)"));
            Assert.That(server.Log, Is.Empty, "nothing to log");
        });
    }

    [Test]
    public async Task Bundled_plugins_can_be_left_out(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");

        Assert.That(server.Output, Does.Contain("No hooks: lines are sent as they are typed."));
    }

    [Test]
    public async Task Each_flag_does_what_it_says(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat.json", """{ "Chat": { "DefaultRoom": "hall" } }""");
        await using var server = await ServerProcess.StartAsync(
            cancellationToken,
            ["--no-bundled-plugins", "--config", folder.File("chat.json"), "--plugins", folder.File("drop"),
                "--set", "Chat:Name=Teahouse"]);

        using var client = await LineClient.ConnectAsync(server.EndPoint, cancellationToken);

        Assert.That(await client.ReadAsync(), Does.StartWith("Welcome to Teahouse. You are guest1, in room hall "));
        Assert.That(server.Output, Does.Contain($"scripts (.csx) into {folder.File("drop")}"));
    }

    [TestCase(
        "--tpc", "chat-server: There is no option --tpc. Did you mean --tcp? --help lists all commands and options.")]
    [TestCase(
        "--plugin",
        "chat-server: There is no option --plugin. Did you mean --plugins? --help lists all commands and options.")]
    [TestCase(
        "why --jsn",
        "chat-server: There is no option --jsn. Did you mean --json? --help lists all commands and options.")]
    [TestCase("--frobnicate", "chat-server: There is no option --frobnicate. --help lists all commands and options.")]
    [TestCase(
        "--tcp", "chat-server: Required argument missing for option: '--tcp'. --help lists all commands and options.")]
    public async Task A_wrong_command_line_is_one_sentence_and_exit_code_two(
        string arguments, string sentence, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await CommandRun.RunAsync(cancellationToken, arguments.Split(' '));

        Assert.That((exitCode, output, error.Trim()), Is.EqualTo((2, "", sentence)));
    }

    [Test]
    public async Task An_address_that_is_given_twice_is_refused_as_such(CancellationToken cancellationToken)
    {
        var (exitCode, _, error) = await ServerProcess.RunAsync(
            cancellationToken, null, "--tcp", "127.0.0.1:7001", "--tcp", "127.0.0.1:7001");

        Assert.That(
            (exitCode, error.Trim()), Is.EqualTo((1, "chat-server: Listen:Tcp: 127.0.0.1:7001 is given twice.")));
    }

    [Test]
    public async Task The_help_names_every_flag(CancellationToken cancellationToken)
    {
        var (_, output, _) = await ServerProcess.RunAsync(cancellationToken, null, "--help");

        string[] flags =
            ["--tcp", "--data", "--plugins", "--no-bundled-plugins", "--config", "--set", "--help", "--version"];
        foreach (var flag in flags)
            Assert.That(output, Does.Contain(flag));
    }

    [Test]
    public async Task It_listens_on_several_addresses_and_IPv6(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--tcp", "127.0.0.1:0", "--tcp", "[::1]:0");

        using var four = await LineClient.ConnectAsync(server.EndPoints[0], "four", cancellationToken);
        using var six = await LineClient.ConnectAsync(server.EndPoints[1], "six", cancellationToken);
        await six.SendAsync("over IPv6");

        Assert.That(await four.SeesAsync("<six> over IPv6"), Is.Not.Empty);
    }

    [Test]
    public async Task A_port_that_is_taken_is_one_sentence_and_exit_code_1(CancellationToken cancellationToken)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var address = taken.LocalEndPoint!.ToString()!;

        var (exitCode, output, error) = await ServerProcess.RunAsync(cancellationToken, null, "--tcp", address);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(
                error.Trim(),
                Is.EqualTo($"chat-server: Cannot listen on {address}: another program is already listening there."));
            Assert.That(output, Is.Empty);
        });
    }

    [Test]
    public async Task A_data_folder_that_another_server_has_is_one_sentence_and_exit_code_1(
        CancellationToken cancellationToken)
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");

        var (exitCode, _, error) = await ServerProcess.RunAsync(cancellationToken, null, "--data", first.Data);

        Assert.That(
            (exitCode, error.Trim()),
            Is.EqualTo(
                (
                    1,
                    $"chat-server: Data: another server, process {first.ProcessId}, is using {first.Data}. Stop it, "
                        + "or give this one a folder of its own: --data DIR")));
    }

    [Test]
    public async Task A_black_box_that_cannot_be_made_is_named_in_the_log_and_the_server_runs(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("crash-journal/in-the-way", "");

        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--data", data.FullPath);

        Assert.That(
            server.Log,
            Does.Contain(
                "crash-journal cannot be created. After a crash, the server will not know which plugin caused it."));
    }

    [TestCase("--help", "--no-bundled-plugins")]
    [TestCase("--version", "0.1.0")]
    public async Task It_explains_itself(string flag, string expected, CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await ServerProcess.RunAsync(cancellationToken, null, flag);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(output, Does.Contain(expected));
        });
    }

    [Test]
    public async Task A_wrong_setting_is_refused_by_name_with_exit_code_1(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["CHAT_Chat__MaxLagLine"] = "5" };

        var (exitCode, _, error) = await ServerProcess.RunAsync(cancellationToken, environment);

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(
                error.Trim(),
                Is.EqualTo(
                    "chat-server: There is no setting Chat:MaxLagLine (environment variable CHAT_Chat__MaxLagLine). "
                        + "Did you mean Chat:MaxLagLines?"));
        });
    }
}
