using System.Text.Json;

namespace Chat.Server.Tests;

/// <summary><c>chat-server why</c> as people run it next to a running server.</summary>
[CancelAfter(120_000)]
internal sealed class WhyCommandTests
{
    [Test]
    public async Task A_line_of_the_running_server_is_explained_as_a_table_and_as_json(
        CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        await File.WriteAllTextAsync(
            Path.Combine(server.Plugins, "shout.csx"),
            "OnMessage(m => Rewrite(m.Text.ToUpperInvariant()));",
            cancellationToken);
        await server.LogsAsync("shout.csx", cancellationToken);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("hello");
        await ann.SendAsync("again");
        await ann.SeenSoFarAsync();

        var table = await CommandRun.RunAsync(cancellationToken, "why", "1", "--data", server.Data);
        var last = await CommandRun.RunAsync(cancellationToken, "why", "ANN", "--json", "--data", server.Data);
        var lastOfAll = await CommandRun.RunAsync(cancellationToken, "why", "--json", "--data", server.Data);

        Assert.That(
            table.Output,
            Does.Match(
                @"(?s)^Line 1, ann in lobby, ..:..:..: hello\n.*hook\s+shout v1\s.*rewrite\s+HELLO\nSent: HELLO\s*$"));
        using var json = JsonDocument.Parse(last.Output);
        Assert.That(
            (
                json.RootElement.GetProperty("id").GetInt64(),
                json.RootElement.GetProperty("steps")[0].GetProperty("after").GetString()),
            Is.EqualTo((2L, "AGAIN")));
        Assert.That(lastOfAll.Output, Is.EqualTo(last.Output));
        Assert.That((table.ExitCode, last.ExitCode, table.Error), Is.EqualTo((0, 0, "")));
    }

    [Test]
    public async Task What_is_not_known_is_said_with_exit_code_one(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");

        var nothing = await CommandRun.RunAsync(cancellationToken, "why", "--data", server.Data);
        var number = await CommandRun.RunAsync(cancellationToken, "why", "17", "--json", "--data", server.Data);
        var nobody = await CommandRun.RunAsync(cancellationToken, "why", "eve", "--data", server.Data);

        Assert.That(nothing, Is.EqualTo((1, "", "chat-server: Nobody has said anything yet.\n")));
        Assert.That(
            number,
            Is.EqualTo((1, "", "chat-server: Line 17 is not known: the server remembers the last 1024 lines.\n")));
        Assert.That(nobody, Is.EqualTo((1, "", "chat-server: eve has said nothing, or it was too long ago.\n")));
    }

    [Test]
    public async Task Without_a_server_it_says_where_it_looked(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();

        var answer = await CommandRun.RunAsync(cancellationToken, "why", "--data", folder.FullPath);

        Assert.That(
            answer,
            Is.EqualTo(
                (
                    2,
                    "",
                    $"chat-server: No server is using the data folder {folder.FullPath}. If yours uses another one, "
                        + "name it with --data.\n")));
    }

    [Test]
    public async Task Only_the_owner_may_ask_and_nothing_is_left_when_the_server_stops(
        CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        var socket = Path.Combine(server.Data, "control.sock");
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var mode = OperatingSystem.IsWindows() ? Owner : File.GetUnixFileMode(socket);

        const int Terminate = 15;
        await server.StopAsync(Terminate, cancellationToken);

        Assert.That((mode, File.Exists(socket)), Is.EqualTo((UnixFileMode.UserRead | UnixFileMode.UserWrite, false)));
    }

    [Test]
    public async Task What_a_killed_server_has_left_is_replaced(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using (
            var killed = await ServerProcess.StartAsync(
                cancellationToken, "--no-bundled-plugins", "--data", folder.FullPath))
        {
            const int Kill = 9;
            await killed.StopAsync(Kill, cancellationToken);
        }

        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--data", folder.FullPath);
        var answer = await CommandRun.RunAsync(cancellationToken, "why", "--data", folder.FullPath);

        Assert.That(answer.Error, Is.EqualTo("chat-server: Nobody has said anything yet.\n"));
    }

    [Test]
    public async Task A_folder_whose_path_is_too_long_for_a_socket_does_not_keep_the_server_from_starting(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.FullPath, new string('d', 120));

        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--data", data);
        var answer = await CommandRun.RunAsync(cancellationToken, "why", "--data", data);

        Assert.That(
            server.Log,
            Does.Contain("chat-server why cannot ask this server").And.Contain("The path is too long for a socket."));
        Assert.That(
            answer,
            Is.EqualTo(
                (2, "", "chat-server: The path is too long for a socket. Move the data folder nearer to the root.\n")));
    }
}
