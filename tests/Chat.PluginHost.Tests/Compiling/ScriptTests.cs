namespace Chat.PluginHost.Tests.Compiling;

[CancelAfter(30000)]
public sealed class ScriptTests
{
    private static readonly string _library = Path.Combine(
        RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll");

    [Test]
    public async Task A_script_registers_several_hooks_guards_commands_and_timers(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("many.csx", """
            OnMessage(m => Rewrite(m.Text + "1"));
            OnMessage(m => Rewrite(m.Text + "2"), new HookOptions { Name = "second" });
            OnSending(m => m.Text.StartsWith("bad") ? Deny("bad") : Allow);
            OnSending(m => m.Text.StartsWith("worse") ? Deny("worse") : Allow);
            Command("first", "", "", call => Reply("first"));
            Command("other", "", "", async call => { await Task.Yield(); return Reply("other"); });
            Every(TimeSpan.FromHours(1), () => default);
            Every(TimeSpan.FromHours(2), () => default);
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x12"));
        Assert.That(await chat.TypeAsync("bad"), Is.EqualTo("bad"));
        Assert.That(await chat.TypeAsync("worse"), Is.EqualTo("worse"));
        Assert.That(await chat.TypeAsync("/first"), Is.EqualTo("first"));
        Assert.That(await chat.TypeAsync("/other"), Is.EqualTo("other"));
        Assert.That(
            chat.Server.Hooks.Select(hook => hook.Id), Is.EqualTo(new[] { "many", "many/second", "many/3", "many/4" }));
    }

    [Test]
    public async Task A_script_loads_files_beside_it_and_is_reloaded_when_they_change(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("_lib"));
        File.WriteAllText(chat.Drop("_words.csx"), """
            #load "_lib/more.csx"
            string Word() => "one" + More();
            """);
        File.WriteAllText(chat.Drop("_lib", "more.csx"), """string More() => "!"; """);
        await chat.SaveAsync("main.csx", """
            #load "_words.csx"
            OnMessage(m => Rewrite(Word()));
            """);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one!"));

        await chat.SaveAsync("_lib/more.csx", """string More() => "?"; """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one?"));
    }

    [Test]
    public async Task A_script_refers_to_a_DLL_beside_it_and_is_reloaded_when_that_changes(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("_lib"));
        File.Copy(_library, chat.Drop("_lib", "Shared.Library.dll"));
        await chat.SaveAsync("main.csx", """
            #r "_lib/Shared.Library.dll"
            OnMessage(m => Rewrite(Shared.Library.Greeting.Text));
            """);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));

        await chat.SaveAsync("_lib/Shared.Library.dll", File.ReadAllBytes(
            Path.Combine(RepositoryFiles.TestPlugin("Library2"), "Shared.Library.dll")));

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two"));
    }

    [Test]
    public async Task A_file_a_script_loads_that_comes_after_it_is_noticed(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("main.csx", """
            #load "_words.csx"
            OnMessage(m => Rewrite(Word()));
            """);
        Assert.That(chat.Hooks, Does.Contain("main.csx:1:"));

        await chat.SaveAsync("_words.csx", """string Word() => "late"; """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> late"));
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [Test]
    public async Task A_DLL_a_script_refers_to_that_comes_after_it_is_noticed(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("main.csx", """
            #r "_lib/Shared.Library.dll"
            OnMessage(m => Rewrite(Shared.Library.Greeting.Text));
            """);
        Assert.That(chat.Hooks, Does.Contain("main.csx:1:"));

        await chat.SaveAsync("_lib/Shared.Library.dll", File.ReadAllBytes(_library));

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));
    }

    [Test]
    public async Task A_script_that_loads_itself_harms_nobody(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("main.csx", """
            #load "main.csx"
            OnMessage(m => { while (m.Text == "x") return Rewrite("y"); return Pass; });
            """);
        await chat.SaveAsync("main.csx", """OnMessage(m => Rewrite("z"));""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> z"));
        Assert.That(chat.Log.Lines.All, Has.None.Contains("Exception"));
    }

    [Test]
    public async Task All_errors_are_reported_at_once_the_old_version_stays_and_the_next_good_save_is_taken(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("good"));""");

        await chat.SaveAsync("say.csx", "OnMessage(m => Pass)\nvar x = 1\nOnMessage(m => Pass);\n");

        var first = "say.csx:1:21: error CS1002: ";
        var second = "say.csx:2:10: error CS1002: ";
        Assert.That(chat.Hooks, Does.Contain(first).And.Contain(second));
        Assert.That(chat.Log.Lines.All, Has.One.StartWith("Error: Not loaded, version 1 stays in place: ")
            .And.Some.Contain(first).And.Some.Contain(second));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("better"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> better"));
        Assert.That(chat.Hooks, Does.Not.Contain("CS1002"));
    }

    [Test]
    public async Task An_error_in_a_loaded_file_names_that_file(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("_words.csx"), "\n\nint Word() => \"no number\";");

        await chat.SaveAsync("main.csx", "#load \"_words.csx\"\n");

        Assert.That(chat.Hooks, Does.Contain("_words.csx:3:15: error CS0029: "));
    }

    [Test]
    public async Task An_error_is_logged_once_and_not_at_each_look(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", "nonsense");

        await chat.RescanAsync();
        await chat.RescanAsync();

        Assert.That(chat.Log.Lines.All, Has.One.Contain("CS0103"));
    }

    [TestCase("#r \"nuget: Some.Package, 1.0\"", "")]
    [TestCase("#load \"_lib.csx\"", "#r \"nuget:Some.Package\"")]
    public async Task A_package_is_refused_with_a_sentence_that_says_what_to_do(
        string script, string loaded, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("_lib.csx"), loaded);

        await chat.SaveAsync("main.csx", script);

        Assert.That(chat.Hooks, Does.Contain(".csx:1:1: error: #r \"nuget: …\" is not supported").And.Contain(
            "Put the package's DLL beside the script"));
    }

    [Test]
    public async Task An_exception_in_a_scripts_hook_names_its_file_and_line_and_the_line_goes_on(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("boom.csx", """
            OnMessage(m =>
            {
                if (m.Text == "boom")
                    throw new InvalidOperationException("deliberate");
                return Pass;
            });
            """);

        Assert.That(await chat.TypeAsync("boom"), Is.EqualTo("<ann> boom"));

        Assert.That(chat.Hooks, Does.Contain("boom.csx:4: InvalidOperationException: deliberate"));
        Assert.That(chat.Log.Lines.All, Has.Some.Contain("boom.csx:4: InvalidOperationException: deliberate"));
    }

    [Test]
    public async Task A_script_that_throws_while_it_loads_is_refused_and_the_old_version_stays(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("good"));""");

        await chat.SaveAsync("say.csx", """
            OnMessage(m => Rewrite("never"));
            int.Parse("no number");
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
        Assert.That(chat.Hooks, Does.Contain("say.csx: it failed while it was starting: ").And.Contain(
            "say.csx:2: FormatException: "));
    }

    [Test]
    public async Task A_script_that_registers_a_command_twice_is_refused_and_the_old_version_stays(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", """Command("one", "", "", call => Reply("good"));""");

        await chat.SaveAsync("say.csx", """
            Command("one", "", "", call => Reply("never"));
            Command("ONE", "", "", call => Reply("never"));
            """);

        Assert.That(await chat.TypeAsync("/one"), Is.EqualTo("good"));
        Assert.That(chat.Hooks, Does.Contain("The command /ONE is registered twice by say.csx."));
    }

    [TestCase("taken", "taken")]
    [TestCase("nick", "the server itself")]
    public async Task A_script_that_registers_a_command_somebody_else_has_is_refused_and_the_old_version_stays(
        string command, string owner, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("taken.csx", """Command("taken", "", "", call => Reply("theirs"));""");
        await chat.SaveAsync("say.csx", """Command("mine", "", "", call => Reply("good"));""");

        await chat.SaveAsync("say.csx", $$"""Command("{{command}}", "", "", call => Reply("never"));""");

        Assert.That(await chat.TypeAsync("/mine"), Is.EqualTo("good"));
        Assert.That(chat.Hooks, Does.Contain($"say.csx: The command /{command} is already registered by {owner}."));
    }

    [Test]
    public async Task Of_a_file_that_is_no_script_at_all_the_first_errors_are_told(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync(
            "noise.csx", string.Join('\n', Enumerable.Range(0, 50).Select(line => $"@ {new string('%', 500)} {line}")));

        Assert.That(
            chat.Hooks.Split('\n').Count(line => line.Contains("noise.csx:", StringComparison.Ordinal)),
            Is.EqualTo(11));
        Assert.That(
            chat.Hooks.Split('\n'), Has.All.Length.LessThan(400).And.Some.Match("noise.csx: and [0-9]+ more errors."));
    }

    [Test]
    public async Task A_script_too_large_to_be_one_is_refused_before_it_is_read(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("huge.csx", $"// {new string('x', 512 * 1024)}");

        Assert.That(
            chat.Hooks, Does.Contain("huge.csx: it is larger than 512 KiB, which is as much as a script may have."));
    }

    [Test]
    public async Task An_error_in_a_loaded_file_names_the_script_that_loads_it(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("_words.csx", "int x = ");

        await chat.SaveAsync("main.csx", """#load "_words.csx" """);

        Assert.That(chat.Hooks, Does.Match(@"_words\.csx:1:\d+: error CS1733: .* \(loaded by main\.csx\)"));
    }

    [Test]
    public async Task A_script_in_a_folder_is_not_run_and_that_is_said(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("sub"));

        await chat.SaveAsync(Path.Combine("sub", "x.csx"), "OnMessage(m => Pass);");

        Assert.That(
            chat.Hooks, Does.Contain("sub: scripts in folders are not run. Move x.csx into the plugin folder itself"));
    }

    [Test]
    public async Task An_empty_script_is_refused_and_the_old_version_stays(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("good"));""");

        await chat.SaveAsync("say.csx", "");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
        Assert.That(chat.Hooks, Does.Contain("say.csx: the file is empty."));
    }
}
