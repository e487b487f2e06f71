using System.Text.Json;

namespace Chat.Server.Tests;

/// <summary>The doctor, as people run it.</summary>
[CancelAfter(120_000)]
internal sealed class PluginCheckTests
{
    private const string InScope =
        "Correct the error at the location shown. docs/reference/plugin-context.md says what a script has in scope.";

    [Test]
    public async Task A_good_folder_is_listed_and_exit_code_0(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("10-shout.csx", """
            OnMessage(m => m.Text.EndsWith("!") ? Rewrite(m.Text.ToUpperInvariant()) : Pass);
            Command("shout", "TEXT", "shouts", call => Say(call.Arguments.ToUpperInvariant()));
            OnOutcome(o => default);
            """);

        var (exitCode, output, _) = await CommandRun.RunAsync(cancellationToken, "plugin", "check", folder.FullPath);

        Assert.That(output.ReplaceLineEndings("\n"), Is.EqualTo("""
            Dry run:
              10-shout.csx started as plugin shout.
                hook       shout            normal 10
                command    /shout TEXT
                observers  1
                unloading  unloads cleanly
              Typed: Hello, world!
              Sent:  HELLO, WORLD!

            1 plugin checked, 0 errors, 0 warnings.

            """.ReplaceLineEndings("\n")));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public async Task Each_problem_is_told_with_its_fix_and_exit_code_1(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("bad.csx", "OnMessage(m => Pas);");
        folder.Save("10-same.csx", "OnMessage(m => Pass);");
        folder.Save("same.csx", "OnMessage(m => Pass);");

        var (exitCode, output, error) = await CommandRun.RunAsync(
            cancellationToken, "plugin", "check", folder.FullPath);

        Assert.That(output.ReplaceLineEndings("\n"), Does.StartWith($"""
            error    same.csx: the id 'same' is taken by 10-same.csx.
                     Fix: Rename one of them.
            error    bad.csx:1:16: error CS0103: The name 'Pas' does not exist in the current context
                     Fix: {InScope}

            Dry run:
              10-same.csx started as plugin same.
            """.ReplaceLineEndings("\n")).And.Contain("2 plugins checked, 2 errors, 0 warnings."));
        Assert.That(error, Is.Empty);
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_plugin_that_ends_the_process_is_named_and_what_was_found_before_is_told(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("bad.csx", "OnMessage(m => Pas);");
        folder.Save("10-exit.csx", "OnMessage(m => { Environment.Exit(0); return Pass; });");

        var (exitCode, output, _) = await CommandRun.RunAsync(cancellationToken, "plugin", "check", folder.FullPath);

        Assert.That(output.ReplaceLineEndings("\n"), Does.StartWith($"""
            error    bad.csx:1:16: error CS0103: The name 'Pas' does not exist in the current context
                     Fix: {InScope}
            error    10-exit.csx: it ended the whole process in the dry run, and would end a server as well.
                     Fix: Remove the call of Environment.Exit, and check again.
            """));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task As_JSON_it_is_the_same_and_nothing_else_whatever_a_plugin_prints(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save(
            "loud.csx",
            """Console.WriteLine("loud"); OnMessage(m => throw new InvalidOperationException("deliberate"));""");

        var (exitCode, output, _) = await CommandRun.RunAsync(
            cancellationToken, "plugin", "check", "--json", Path.Combine(folder.FullPath, "loud.csx"));

        using var json = JsonDocument.Parse(output);
        var report = json.RootElement;
        Assert.That(report.GetProperty("hasErrors").GetBoolean(), Is.True);
        Assert.That(report.GetProperty("checked")[0].GetString(), Is.EqualTo("loud.csx"));
        var finding = report.GetProperty("findings")[0];
        Assert.That(finding.GetProperty("severity").GetString(), Is.EqualTo("error"));
        Assert.That(
            finding.GetProperty("problem").GetString(),
            Does.Contain("loud.csx:1: InvalidOperationException: deliberate"));
        Assert.That(finding.GetProperty("fix").GetString(), Is.Not.Empty);
        var plugin = report.GetProperty("dryRun").GetProperty("plugins")[0];
        Assert.That(plugin.GetProperty("hooks")[0].GetProperty("band").GetString(), Is.EqualTo("normal"));
        Assert.That(plugin.GetProperty("isUnloaded").GetBoolean(), Is.True);
        Assert.That(report.GetProperty("dryRun").GetProperty("sent")[0].GetString(), Is.EqualTo("Hello, world!"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task An_exception_on_a_plugins_own_thread_is_a_finding_and_does_not_end_the_check(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        folder.Save("thread.csx", """
            var thread = new Thread(() => throw new InvalidOperationException("deliberate"));
            thread.Start();
            thread.Join();
            """);

        var (exitCode, output, _) = await CommandRun.RunAsync(
            cancellationToken, "plugin", "check", Path.Combine(folder.FullPath, "thread.csx"));

        Assert.That(
            output,
            Does.Contain(
                "thread.csx:1: InvalidOperationException: deliberate")
                .And.Contain("thread.csx started as plugin thread."));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [TestCase("It takes one path.")]
    [TestCase("It takes one path.", "one", "two")]
    [TestCase("There is no option --jsno.", "--jsno", ".")]
    [TestCase("There is no file or folder nowhere.csx.", "nowhere.csx")]
    public async Task A_wrong_command_line_is_one_sentence_and_exit_code_2(string problem, params string[] arguments)
    {
        var (exitCode, output, error) = await CommandRun.RunAsync(
            CancellationToken.None, ["plugin", "check", .. arguments]);

        Assert.That(error.Trim(), Is.EqualTo($"chat-server: {problem} Usage: chat-server plugin check PATH [--json]"));
        Assert.That(output, Is.Empty);
        Assert.That(exitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task The_help_names_it(CancellationToken cancellationToken)
    {
        var (exitCode, output, _) = await CommandRun.RunAsync(cancellationToken, "plugin", "check", "--help");

        Assert.That(output, Does.Contain("PATH").And.Contain("--json").And.Contain("Exit code: 0"));
        Assert.That(exitCode, Is.Zero);
    }
}
