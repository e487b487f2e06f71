using Chat.Hooks;

namespace Chat.PluginHost.Tests;

[CancelAfter(30000)]
public sealed class PluginDirectoryTests
{
    [Test]
    public async Task What_lies_in_the_folder_at_the_start_is_loaded(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("Plain"), chat.Drop("Plain"));
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("BareHook"), "BareHook.dll"), chat.Drop("BareHook.dll"));
        File.WriteAllText(chat.Drop("tail.csx"), """OnMessage(m => Rewrite(m.Text + "~"));""");

        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("plain?"), Is.EqualTo("<ann> PLAIN?~"));
        Assert.That(chat.Ids, Is.EqualTo(new[] { "BareHook", "Plain", "tail" }));
    }

    [Test]
    public async Task A_DLL_with_its_dependencies_dropped_while_running_serves_the_next_line(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.DropTestPluginAsync("UsesLibrary1");

        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
        Assert.That(chat.Log.Lines.All, Has.Some.EqualTo(
            "Information: Loaded UsesLibrary1.dll as plugin UsesLibrary1, version 1."));
    }

    [Test]
    public async Task A_DLL_dropped_alone_serves_the_next_line(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync(
            "BareHook.dll", File.ReadAllBytes(Path.Combine(RepositoryFiles.TestPlugin("BareHook"), "BareHook.dll")));

        Assert.That(await chat.TypeAsync("hey"), Is.EqualTo("<ann> HEY"));
    }

    [Test]
    public async Task A_DLL_that_is_replaced_is_loaded_anew(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo", """context.Command("foo", "", "", call => CommandResult.Reply("first"));"""));
        Assert.That(await chat.TypeAsync("/foo"), Is.EqualTo("first"));

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo", """context.Command("foo", "", "", call => CommandResult.Reply("second"));"""));

        Assert.That(await chat.TypeAsync("/foo"), Is.EqualTo("second"));
    }

    [Test]
    public async Task A_dependency_that_is_replaced_reloads_its_plugin(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("UsesLibrary1");
        var library = Path.Combine(RepositoryFiles.TestPlugin("UsesLibrary2"), "Shared.Library.dll");

        await chat.SaveAsync("UsesLibrary1/Shared.Library.dll", File.ReadAllBytes(library));

        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library two 2.0.0.0"));
    }

    [Test]
    public async Task A_script_serves_the_next_line_and_so_does_each_save_of_it(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("one"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("two"));""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two"));
    }

    [Test]
    public async Task A_file_that_is_touched_but_not_changed_is_not_loaded_anew(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", "OnMessage(m => Pass);");

        File.SetLastWriteTimeUtc(chat.Drop("say.csx"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await chat.RescanAsync();

        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(1));
    }

    [Test]
    public async Task A_deleted_script_takes_its_hooks_commands_and_observers_with_it(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("gone.csx", """
            OnMessage(m => Rewrite("changed"));
            OnSending(m => m.Text == "no" ? Deny("never") : Allow);
            OnOutcome(o => default);
            Command("gone", "", "", call => Reply("here"));
            """);
        Assert.That(await chat.TypeAsync("/gone"), Is.EqualTo("here"));

        File.Delete(chat.Drop("gone.csx"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        Assert.That(await chat.TypeAsync("/gone"), Does.StartWith("There is no command /gone."));
        Assert.That(chat.Hooks, Does.Not.Contain("gone"));
        Assert.That(chat.Ids, Is.Empty);
    }

    [Test]
    public async Task A_deleted_folder_takes_its_plugin_with_it_and_the_plugin_is_disposed(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("Plain");

        Directory.Delete(chat.Drop("Plain"), recursive: true);
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("plain?"), Is.EqualTo("<ann> plain?"));
        await chat.Log.WaitForAsync("Plain has been disposed.", cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.Some.EqualTo("Information: Removed plugin Plain (Plain.dll)."));
    }

    [Test]
    public async Task The_drop_folders_plugin_goes_before_the_bundled_one_until_it_is_deleted(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Bundled("say.csx"), """OnMessage(m => Rewrite("bundled"));""");
        await chat.RescanAsync();
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> bundled"));

        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("dropped"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> dropped"));
        File.Delete(chat.Drop("say.csx"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> bundled"));
    }

    [Test]
    public async Task The_old_version_ends_when_the_last_line_inside_it_has_left(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var (entered, release) = (NewSignal(), NewSignal());
        using var shared = Shared.Put("drain", new[] { entered, release });
        var holding = """
            public ValueTask DisposeAsync() { _log.Info("old has been disposed"); return default; }
            IPluginLog _log;
            async ValueTask<HookResult> Hold(MessageContext m)
            {
                var signals = (TaskCompletionSource[])AppDomain.CurrentDomain.GetData("drain");
                signals[0].TrySetResult();
                await signals[1].Task;
                return HookResult.Rewrite("old");
            }
            """;
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo", "_log = context.Log; context.OnMessage(Hold);", holding, ", IAsyncDisposable"));
        var bob = await chat.Chat.EnterAsync("bob");
        await bob.SendLineAsync("held");
        await entered.Task.WaitAsync(cancellationToken);

        await chat.SaveAsync(
            "Foo.dll", CompiledPlugin.Starting("Foo", """context.OnMessage(m => HookResult.Rewrite("new"));"""));

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> new"));
        Assert.That(chat.Log.Lines.All, Has.None.Contain("old has been disposed"));
        release.SetResult();
        await bob.ExpectAsync("<bob> old");
        await chat.Log.WaitForAsync("old has been disposed", cancellationToken);
    }

    [Test]
    public async Task A_plugin_that_fails_to_start_is_disposed_all_the_same(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var members = """IPluginLog _log; public void Dispose() => _log.Info("cleaned up");""";

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """_log = context.Log; throw new InvalidOperationException("half way");""",
            members,
            ", IDisposable"));

        await chat.Log.WaitForAsync("cleaned up", cancellationToken);
    }

    [Test]
    public async Task What_failed_for_something_outside_is_tried_again_when_it_is_saved_as_it_was(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var needed = chat.Shadow("needed");
        var script = $$"""
            if (!System.IO.File.Exists("{{needed}}")) throw new InvalidOperationException("the database is down");
            Command("here", "", "", call => Reply("here"));
            """;
        await chat.SaveAsync("needy.csx", script);
        var before = chat.Ids;

        File.WriteAllText(needed, "");
        await chat.SaveAsync("needy.csx", script);

        Assert.That((before.Count, string.Join(' ', chat.Ids)), Is.EqualTo((0, "needy")), string.Join(
            "\n", chat.Log.Lines.All));
    }

    [Test]
    public async Task What_cannot_be_copied_now_is_tried_again_at_the_next_look(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var copies = Directory.EnumerateDirectories(chat.Shadow()).Single();
        File.WriteAllText(Path.Combine(copies, "Foo-1"), "in the way");
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", ""));
        var before = chat.Ids;

        await chat.RescanAsync();

        Assert.That((before.Count, string.Join(' ', chat.Ids)), Is.EqualTo((0, "Foo")));
        Assert.That(chat.Log.Lines.All, Has.One.Matches<string>(
            line => line.Contains("Foo.dll: it cannot be copied to") && line.Contains("It is tried again.")));
    }

    [Test]
    public async Task The_end_waits_for_no_hook_that_does_not_come_back(CancellationToken cancellationToken)
    {
        using var release = new ManualResetEventSlim();
        await using var chat = new PluginChat(cancellationToken)
        {
            Configure = options =>
            {
                options.HookTimeBudget = TimeSpan.FromMilliseconds(50);
                options.AddHook("stuck", _ =>
                {
                    while (!release.IsSet)
                        Thread.Yield();
                    return HookResult.Pass;
                });
            },
        };
        chat.Options.DrainTimeout = TimeSpan.FromMilliseconds(50);
        await chat.StartAsync();
        var said = await chat.TypeAsync("x");

        await chat.Plugins.DisposeAsync().AsTask().WaitAsync(cancellationToken);

        Assert.That(said, Is.EqualTo("<ann> x"));
        release.Set();
    }

    [Test]
    public async Task Hooks_with_an_id_tells_of_what_is_not_loaded_too(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("shout.csx", "OnMessage(m => Pass);");

        await chat.SaveAsync("broken.csx", "OnMessage(m => Pas);");
        await chat.SaveAsync("shout.csx", "OnMessage(m => Pas);");

        Assert.That(await chat.TypeAsync("/hooks broken"), Does.Match(@"Not loaded: broken\.csx:1:16: error CS0103"));
        Assert.That(await chat.TypeAsync("/hooks shout"), Does.Match(@"state +active").And.Match(
            @"not loaded +shout\.csx:1:16: error CS0103"));
    }

    [Test]
    public async Task A_look_that_is_given_up_forgets_nothing(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var (entered, release) = (NewSignal(), NewSignal());
        using var shared = Shared.Put("give-up", new[] { entered, release });
        File.WriteAllText(chat.Drop("slow.csx"), """
            var signals = (TaskCompletionSource[])AppDomain.CurrentDomain.GetData("give-up");
            signals[0].TrySetResult();
            await signals[1].Task;
            Command("slow", "", "", call => Reply("here"));
            """);
        using var impatience = new CancellationTokenSource();
        var look = chat.Plugins.RescanAsync(impatience.Token);
        await entered.Task.WaitAsync(cancellationToken);
        await impatience.CancelAsync();
        Assert.That(async () => await look, Throws.InstanceOf<OperationCanceledException>());
        release.SetResult();

        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("/slow"), Is.EqualTo("here"));
    }

    [Test]
    public async Task Disposing_takes_everything_out_and_away(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("Plain");

        await chat.Plugins.DisposeAsync();

        Assert.That(await chat.TypeAsync("plain?"), Is.EqualTo("<ann> plain?"));
        Assert.That(Directory.EnumerateFileSystemEntries(chat.Shadow()), Is.Empty);
        Assert.That(chat.Log.Lines.All, Has.Some.Contain("Plain has been disposed."));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
