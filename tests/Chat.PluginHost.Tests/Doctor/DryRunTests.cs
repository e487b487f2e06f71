using Chat.PluginHost.Doctor;

namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class DryRunTests
{
    [Test]
    public async Task It_lists_what_was_registered_sends_a_line_through_and_sees_the_code_go(
        CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("10-all.csx", """
            OnMessage(m => Emit(m.Text, m.Text.ToUpperInvariant()));
            OnMessage(m => Pass.Reply("noted"), new HookOptions { Name = "late", Band = HookBand.Late, Order = 7 });
            OnSending(m => Allow);
            OnOutcome(o => default);
            OnEvent(e => default);
            Every(TimeSpan.FromHours(1), () => default);
            Command("all", "[NAME]", "does all", call => Done);
            """);

        var report = await checkup.CheckAsync("10-all.csx");

        var plugin = report.DryRun!.Plugins.Single();
        Assert.That(report.Findings, Is.Empty);
        Assert.That(plugin.Hooks.Select(hook => $"{hook.Stage} {hook.Id} {hook.Band} {hook.Order}"), Is.EqualTo(
            ["hook all Normal 10", "hook all/late Late 7", "guard all/3 Normal 10"]));
        Assert.That(plugin.Commands, Is.EqualTo(["/all [NAME]"]));
        Assert.That((plugin.Observers, plugin.Timers), Is.EqualTo((2, 1)));
        Assert.That(report.DryRun.Line, Is.EqualTo("Hello, world!"));
        Assert.That(report.DryRun.Sent, Is.EqualTo(["Hello, world!", "HELLO, WORLD!"]));
        Assert.That(report.DryRun.Told, Is.EqualTo(["noted", "noted"]));
        Assert.That(plugin.IsUnloaded, Is.True);
    }

    [Test]
    public async Task A_line_that_is_stopped_says_why(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("no.csx", """OnSending(m => Deny("Not today."));""");

        var report = await checkup.CheckAsync("no.csx");

        Assert.That(report.DryRun!.Sent, Is.Empty);
        Assert.That(report.DryRun.Told, Is.EqualTo(["Not today."]));
    }

    [Test]
    public async Task A_hook_that_fails_on_the_line_is_an_error_with_its_place(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(
            "boom.csx", "OnMessage(m =>\n    throw new InvalidOperationException(\"deliberate\"));");

        var found = await checkup.FindAsync("boom.csx");

        Assert.That(found, Has.One.StartsWith(
            "Error dry run: Hook boom (boom.csx) failed: boom.csx:2: InvalidOperationException: deliberate"));
    }

    [Test]
    public async Task A_hook_that_never_answers_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken)
        {
            Doctor = new PluginDoctor
            {
                StartTimeout = TimeSpan.FromSeconds(20),
                UnloadTimeout = TimeSpan.FromMilliseconds(100),
            },
        };
        checkup.Write(
            "stuck.csx",
            "OnMessage(async m => { await new TaskCompletionSource().Task; return Pass; }, new HookOptions { "
                + "TimeBudget = TimeSpan.FromMilliseconds(50) });");

        var found = await checkup.FindAsync("stuck.csx");

        Assert.That(found, Has.Some.StartsWith("Error dry run: Hook stuck (stuck.csx) "));
    }

    [Test]
    public async Task A_start_that_throws_or_never_ends_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken)
        {
            Doctor =
                new PluginDoctor { StartTimeout = TimeSpan.FromSeconds(1), UnloadTimeout = TimeSpan.FromSeconds(25) },
        };
        checkup.Write(
            "Throws.dll", CompiledPlugin.Starting("Throws", """throw new InvalidOperationException("deliberate");"""));
        checkup.Write("never.csx", "await new TaskCompletionSource().Task;");

        Assert.That(await checkup.FindAsync("never.csx"), Has.One.EqualTo(
            "Error never.csx: it did not finish starting within 1 s. | Let it register and return. Use a timer or Run "
                + "for work that takes longer."));
        Assert.That(await checkup.FindAsync("Throws.dll"), Has.One.Matches(
            "^Error Throws.dll: it (failed while it was starting: InvalidOperationException: deliberate|did not finish "
                + "starting)"));
    }

    [TestCase(
        "chat.csx",
        "OnMessage(m => Pass);",
        "Error chat.csx: The id chat is taken by built in. | The server itself uses that name. Choose another one.")]
    [TestCase(
        "mine.csx",
        """Command("nick", "", "", call => Done);""",
        "Error mine.csx: The command /nick is already registered by the server itself. | The server itself uses that "
            + "name. Choose another one.")]
    public async Task What_the_server_has_itself_is_no_plugins(
        string name, string script, string finding, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(name, script);

        Assert.That(await checkup.FindAsync(), Is.EqualTo([finding]));
    }

    [Test]
    public async Task Two_plugins_that_want_one_command_are_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken)
            .Write("one.csx", """Command("roll", "", "", call => Done);""")
            .Write("two.csx", """Command("roll", "", "", call => Done);""");

        var found = await checkup.FindAsync();

        Assert.That(found, Is.EqualTo([
            "Error two.csx: The command /roll is already registered by one. | Two plugins use the same name. Rename it "
                + "in one of them, or leave one of them out."]));
    }

    [Test]
    public async Task What_a_plugin_logs_as_a_warning_is_a_note(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(
            "warns.csx", """Log.Warn("no key is set"); Log.Info("not shown");""");

        Assert.That(await checkup.FindAsync("warns.csx"), Is.EqualTo(["Note warns: it logs: no key is set | "]));
    }

    [Test]
    public async Task Code_that_stays_in_memory_is_a_warning(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken)
        {
            Doctor = new PluginDoctor
            {
                UnloadTimeout = TimeSpan.FromMilliseconds(100),
                StartTimeout = TimeSpan.FromSeconds(25),
            },
        };
        checkup.Write(
            "Clings.dll", CompiledPlugin.Starting("Clings", "AppDomain.CurrentDomain.ProcessExit += (_, _) => { };"));

        var report = await checkup.CheckAsync("Clings.dll");

        Assert.That(report.DryRun!.Plugins.Single().IsUnloaded, Is.False);
        Assert.That(
            report.Findings.Select(finding => $"{finding.Problem} | {finding.Fix}"),
            Has.One.Matches(
                @"^it stays in memory after it has been removed.* \| See docs/explanation/unloading\.md\.$"));
    }

    [Test]
    public async Task A_plugin_that_is_refused_is_not_said_twice_and_the_others_run(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("bad.csx", "OnMessage(m => Pas);").Write(
            "good.csx", """OnMessage(m => Rewrite("good"));""");

        var report = await checkup.CheckAsync();

        Assert.That(report.Findings, Has.Count.EqualTo(1));
        Assert.That(report.DryRun!.Sent, Is.EqualTo(["good"]));
    }

    [Test]
    public async Task Nothing_of_it_stays_on_disk(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("Plain");
        var before = Directory.GetFiles(checkup.Drop(), "*", SearchOption.AllDirectories);

        await checkup.CheckAsync("Plain");

        Assert.That(Directory.GetFiles(checkup.Drop(), "*", SearchOption.AllDirectories), Is.EquivalentTo(before));
    }
}
