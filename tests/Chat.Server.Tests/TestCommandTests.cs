using System.Diagnostics;

namespace Chat.Server.Tests;

/// <summary><c>chat-server test</c>, as a person runs it.</summary>
[CancelAfter(120_000)]
internal sealed class TestCommandTests
{
    private const string Shout =
        """OnMessage(m => m.Text.EndsWith("!") ? Rewrite(m.Text.ToUpperInvariant()) : Pass);""";

    [Test]
    public async Task Scenes_that_go_as_written_are_ok_and_the_exit_code_is_0(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("plugins/shout.csx", Shout);
        folder.Save("scenes/shout.scene.txt", "ann says hi!\nann sees <ann> HI!\n");
        folder.Save("scenes/more/bundled.scene.txt", "ann says hi :wave:\nann sees <ann> hi 👋\n");

        var (exitCode, output, error) = await RunAsync(folder, cancellationToken, "scenes", "--plugins", "plugins");

        Assert.Multiple(() =>
        {
            Assert.That(error, Is.Empty);
            Assert.That(
                output,
                Is.EqualTo(
                    $"Plugins: {folder.File("plugins")}, and those that come with the server\nok  "
                        + "more/bundled.scene.txt\nok  shout.scene.txt\n2 passed, 0 failed\n"));
            Assert.That(exitCode, Is.Zero);
        });
    }

    [Test]
    public async Task A_scene_that_fails_is_told_with_expected_and_actual_lines_and_the_exit_code_is_1(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("chat-data/plugins/shout.csx", Shout);
        folder.Save("bad.scene.txt", "ann says hi!\nann sees <ann> hi!\n");
        folder.Save("good.scene.txt", "ann says hi!\nann sees <ann> HI!\n");

        var (exitCode, output, _) = await RunAsync(folder, cancellationToken, ".", "--no-bundled-plugins");

        Assert.Multiple(() =>
        {
            Assert.That(
                output,
                Does.StartWith(
                    $"Plugins: {folder.File("chat-data/plugins")}\nFAILED  bad.scene.txt\n    bad.scene.txt:2: ann "
                        + "should have seen\n      <ann> hi!\n    but saw\n      <ann> HI!\n\n    Lines seen: "));
            Assert.That(
                output,
                Does.Match(@"\n    Line 1, ann in lobby, 00:00:00: hi!\n(.*\n)*.* hook +shout .*HI!\n    Sent: HI!\n"));
            Assert.That(output, Does.EndWith("ok  good.scene.txt\n1 passed, 1 failed\n"));
            Assert.That(exitCode, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task A_scene_whose_plugin_ends_the_process_has_failed(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("exit.csx", """OnMessage(m => { Environment.Exit(0); return Pass; });""");
        folder.Save("x.scene.txt", "ann says hi\nann sees <ann> hi\n");

        var (exitCode, output, _) = await RunAsync(folder, cancellationToken, "x.scene.txt", "--no-bundled-plugins");

        Assert.That(
            output,
            Does.EndWith(
                "FAILED  x.scene.txt\n    the plugin exit.csx ended the process. The scenes after this one were not "
                    + "played.\n"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task One_scene_alone_is_played_with_what_lies_beside_it_and_the_settings_given(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("shout.csx", Shout);
        folder.Save("quiet.scene.txt", "ann says hi!\nann sees <ann> hi!\n");

        var (exitCode, output, _) = await RunAsync(
            folder, cancellationToken, "quiet.scene.txt", "--no-bundled-plugins", "--set", "Hooks:shout:Enabled=false");

        Assert.That(
            (exitCode, output),
            Is.EqualTo((0, "Plugins: what is beside each scene\nok  quiet.scene.txt\n1 passed, 0 failed\n")));
        Assert.That(Directory.Exists(folder.File("chat-data")), Is.False, "a test leaves nothing behind");
    }

    [Test]
    public async Task A_script_that_does_not_compile_is_a_clear_error(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("shout.csx", "OnMessage(m => Pass) oops");
        folder.Save("x.scene.txt", "ann says hi!\n");

        var (exitCode, output, _) = await RunAsync(folder, cancellationToken, ".");

        Assert.That(
            output,
            Does.Contain(
                "FAILED  x.scene.txt\n    x.scene.txt: a plugin cannot be loaded:\n      shout.csx:1:22: error "
                    + "CS1002: ; expected\n"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task What_a_script_throws_on_a_thread_of_its_own_is_told_and_counts_as_a_failure(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("boom.csx", """
            void Fail() => throw new Exception("deliberate");
            Command("boom", "", "", call => { var t = new Thread(Fail); t.Start(); t.Join(); return Reply("done"); });
            """);
        folder.Save("x.scene.txt", "ann says /boom\nann sees done\n");

        var (exitCode, output, error) = await RunAsync(folder, cancellationToken, ".", "--no-bundled-plugins");

        Assert.That(
            error,
            Does.Contain(
                "a plugin threw an exception on a thread of its own, where nothing could catch it: boom.csx:1: "
                    + "Exception: deliberate"));
        Assert.That(output, Does.Contain("ok  x.scene.txt"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [TestCase("nowhere", "chat-server test: there is no folder {0}/nowhere.")]
    [TestCase(".", "chat-server test: there are no scenes (*.scene.txt) in {0} or below.")]
    [TestCase("scenes --plugins nowhere", "chat-server test: there is no plugin folder {0}/nowhere.")]
    [TestCase(
        "scenes --set Chat:MaxLagLine=1",
        "chat-server test: There is no setting Chat:MaxLagLine (command line). Did you mean Chat:MaxLagLines?")]
    [TestCase("scenes --plugin x", "chat-server: There is no option --plugin.")]
    public async Task What_cannot_be_tested_is_said_with_exit_code_2(
        string arguments, string expected, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        if (arguments.StartsWith("scenes", StringComparison.Ordinal))
            folder.Save("scenes/x.scene.txt", "ann says hi\n");

        var (exitCode, _, error) = await RunAsync(folder, cancellationToken, arguments.Split(' '));

        Assert.That(
            error,
            Does.StartWith(
                string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, folder.FullPath)));
        Assert.That(exitCode, Is.EqualTo(2));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        TemporaryFolder folder, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.ServerFile, "test", .. arguments])
        {
            WorkingDirectory = folder.FullPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }
}
