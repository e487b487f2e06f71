using System.Text.Json;

namespace Chat.Server.Tests;

/// <summary><c>chat-server hooks trace</c> as people run it, and the operator's key of a running server.</summary>
[CancelAfter(120_000)]
internal sealed class HooksCommandTests
{
    [Test]
    public async Task A_trace_shows_what_each_hook_makes_of_a_line_without_a_server(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("10-shout.csx", """OnMessage(m => Rewrite(m.Text.ToUpperInvariant()));""");

        var (exitCode, output, _) = await CommandRun.RunAsync(
            cancellationToken, "hooks", "trace", "hello", "--plugins", folder.FullPath, "--no-bundled-plugins");

        Assert.That(
            output,
            Does.Match(
                @"(?s)^Line 1, you in lobby, ..:..:..: hello\n.*hook\s+shout v1\s.*rewrite\s+HELLO\nSent: HELLO\s*$"));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public async Task A_line_that_would_not_be_sent_is_exit_code_one_and_json_says_why(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("no.csx", """OnSending(m => Deny("never"));""");
        folder.Save("bad.csx", "Pas;");

        var (exitCode, output, error) = await CommandRun.RunAsync(
            cancellationToken,
            "hooks",
            "trace",
            "hello",
            "--json",
            "--nick",
            "ann",
            "--plugins",
            folder.FullPath,
            "--no-bundled-plugins");
        using var json = JsonDocument.Parse(output);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("chat-server: not loaded: bad.csx:1:1: error CS0103"));
        Assert.That(json.RootElement.GetProperty("sender").GetString(), Is.EqualTo("ann"));
        Assert.That(json.RootElement.GetProperty("steps")[0].GetProperty("verdict").GetString(), Is.EqualTo("deny"));
        Assert.That(json.RootElement.GetProperty("ends")[0].GetProperty("reason").GetString(), Is.EqualTo("never"));
    }

    [Test]
    public async Task A_line_that_would_be_sent_without_what_could_not_be_loaded_is_exit_code_three(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("bad.csx", "Pas;");

        var (exitCode, _, error) = await CommandRun.RunAsync(
            cancellationToken, "hooks", "trace", "hello", "--plugins", folder.FullPath, "--no-bundled-plugins");

        Assert.That(error, Does.Contain("chat-server: not loaded: bad.csx:1:1: error CS0103"));
        Assert.That(exitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task A_hook_that_ends_the_process_is_named(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("exit.csx", "OnMessage(m => { Environment.Exit(0); return Pass; });");

        var (exitCode, _, error) = await CommandRun.RunAsync(
            cancellationToken, "hooks", "trace", "hello", "--plugins", folder.FullPath, "--no-bundled-plugins");

        Assert.That(
            error, Does.Contain("chat-server: the plugin exit.csx ended the process. It would end a server, too."));
        Assert.That(exitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task A_line_that_cannot_be_said_is_refused_in_words(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await CommandRun.RunAsync(
            cancellationToken, "hooks", "trace", "", "--plugins", folder.FullPath, "--no-bundled-plugins");

        Assert.That(
            (exitCode, output, error.Trim()),
            Is.EqualTo((2, "", "chat-server: The text cannot be sent: it is empty.")));
    }

    [Test]
    public async Task A_wrong_setting_is_refused_as_the_server_does(CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await CommandRun.RunAsync(
            cancellationToken, "hooks", "trace", "hello", "--set", "Chat:Foo=1");

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("chat-server: There is no setting Chat:Foo (command line)."));
    }

    [Test]
    public async Task Who_can_read_the_data_folder_can_be_an_operator(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        var file = Path.Combine(server.Data, "operator.key");

        await ann.SendAsync($"/operator {(await File.ReadAllTextAsync(file, cancellationToken)).Trim()}");

        Assert.That((await ann.SeenSoFarAsync())[^1], Does.StartWith("You are an operator now"));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
