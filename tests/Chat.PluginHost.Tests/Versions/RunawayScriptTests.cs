using Chat.PluginHost.Compiling;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Reload;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.PluginHost.Tests.Versions;

/// <summary>Where the host asks a script that does not come back to stop.</summary>
[CancelAfter(60000)]
public sealed class RunawayScriptTests
{
    [Test]
    public async Task A_script_that_does_not_finish_starting_is_stopped_and_the_old_version_stays(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.StartTimeout = TimeSpan.FromSeconds(2);
        await chat.StartAsync();
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("good"));""");

        await chat.SaveAsync("say.csx", "// first\nwhile (true) ;");

        Assert.That(chat.Hooks, Does.Contain(
            "say.csx: it did not finish starting within 2 s. It was stopped at say.csx:2; it is tried again when it "
                + "changes."));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
    }

    [Test]
    public async Task A_line_that_goes_round_in_an_old_version_comes_out_when_that_is_given_up(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.DrainTimeout = TimeSpan.FromMilliseconds(50);
        await chat.StartAsync();
        await chat.SaveAsync("spin.csx", """
            OnMessage(m =>
            {
                Log.Info("inside");
                while (true) try { while (true) ; } catch { }
            });
            """);
        var bob = await chat.Chat.EnterAsync("bob");
        await bob.SendLineAsync("round and round");
        await chat.Log.WaitForAsync("inside", cancellationToken);

        await chat.SaveAsync("spin.csx", "OnMessage(m => Pass);");
        await chat.RetiredAsync();

        Assert.That(await bob.ExpectAsync("<bob> "), Is.EqualTo("<bob> round and round"));
    }

    [Test]
    public async Task A_scripts_registration_can_be_stopped_and_a_DLLs_cannot(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.csx"), "OnMessage(m => Pass);");
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("BareHook"), chat.Drop("BareHook"));
        using var shadow = new ShadowFolder(chat.Shadow("own"));
        var loader = new McMasterLoader(shadow, NullLogger.Instance);
        var swapper = new PluginSwapper(chat.Server, loader, chat.Options.ForReload(), NullLogger.Instance);
        var (sources, _) = PluginScanner.Scan(chat.Drop(), chat.Drop());
        var script = new PluginRecord();
        var library = new PluginRecord();

        await swapper.ReplaceAsync(
            script, sources.Single(source => source.Kind == PluginKind.Script), cancellationToken);
        await swapper.ReplaceAsync(library, sources.Single(source => source.Kind == PluginKind.Dll), cancellationToken);

        Assert.That(script.Live!.Registration.Stopper, Is.Not.Null);
        Assert.That(library.Live!.Registration.Stopper, Is.Null);
        swapper.Remove(script.Live);
        swapper.Remove(library.Live);
        await swapper.WhenRetiredAsync();
    }

    [Test]
    public async Task Whoever_has_a_plugin_replaced_does_not_wait_for_the_compiler(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.csx"), "OnMessage(m => Pass);");
        using var shadow = new ShadowFolder(chat.Shadow("own"));
        using var goOn = new ManualResetEventSlim();
        var loader = new SlowLoader(new McMasterLoader(shadow, NullLogger.Instance), goOn, cancellationToken);
        var swapper = new PluginSwapper(chat.Server, loader, chat.Options.ForReload(), NullLogger.Instance);
        var record = new PluginRecord();

        var source = PluginScanner.Scan(chat.Drop(), chat.Drop()).Sources.Single();
        var replacing = swapper.ReplaceAsync(record, source, cancellationToken);
        var meanwhile = await chat.TypeAsync("still talking");
        goOn.Set();
        await replacing;

        Assert.That(meanwhile, Is.EqualTo("<ann> still talking"));
        swapper.Remove(record.Live!);
        await swapper.WhenRetiredAsync();
    }

    [Test]
    public async Task A_loop_behind_an_await_is_stopped_at_its_budget_though_the_script_has_other_things(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken)
        {
            Configure = options => options.HookTimeBudget = TimeSpan.FromMilliseconds(100),
        };
        await chat.StartAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var shared = Shared.Put("ended", ended);
        await chat.SaveAsync("loop.csx", """
            var rounds = 0;
            Run(async token => { while (true) { rounds++; await Task.Delay(1, token); } });
            OnMessage(async m =>
            {
                if (m.Text != "loop") return Pass;
                await Task.Yield();
                try { while (true) ; }
                finally { ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("ended")).SetResult(); }
            });
            Command("rounds", "", "", call => Reply($"{rounds} rounds"));
            """);

        var said = await chat.TypeAsync("loop");
        await ended.Task.WaitAsync(cancellationToken);
        var before = await chat.TypeAsync("/rounds");
        string after;
        do
        {
            after = await chat.TypeAsync("/rounds");
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (after == before);

        Assert.That((said, after), Is.EqualTo(("<ann> loop", after)));
        Assert.That(chat.Log.Lines.All, Has.None.Contains("background"));
    }

    [Test]
    public async Task A_loop_behind_an_await_that_is_stopped_is_named_by_its_line(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken)
        {
            Configure = options =>
                (options.HookTimeBudget, options.HookFaultLimit) = (TimeSpan.FromMilliseconds(100), 1000),
        };
        await chat.StartAsync();
        await chat.SaveAsync("loop.csx", """
            OnMessage(async m =>
            {
                await Task.Yield();
                while (true) ;
            });
            """);

        // A loop that does not get to run for a moment, on a busy machine, is not seen to stop; then the next one is.
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        }
        while (!chat.Hooks.Contains(
            "loop.csx:4: ScriptStoppedException: it ran longer than its time budget and was stopped",
            StringComparison.Ordinal));
    }

    [TestCase("Rewrite(null)", "text is null")]
    [TestCase("Pass.Reply(null)", "text is null")]
    public async Task What_a_script_hands_over_that_cannot_be_is_told_by_the_scripts_own_line(
        string answer, string problem, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("null.csx", $"OnMessage(m =>\n    {answer});");

        await chat.TypeAsync("x");

        Assert.That(chat.Hooks, Does.Contain($"null.csx:2: ArgumentNullException: {problem}"));
    }

    /// <summary>Takes as long as a test wants.</summary>
    private sealed class SlowLoader(
        IPluginLoader loader, ManualResetEventSlim goOn, CancellationToken cancellationToken) : IPluginLoader
    {
        public LoadedCode Load(PluginSource unit) => loader.Load(unit);

        public LoadedCode Load(PluginSource unit, CompiledScript script)
        {
            goOn.Wait(cancellationToken);
            return loader.Load(unit, script);
        }
    }
}
