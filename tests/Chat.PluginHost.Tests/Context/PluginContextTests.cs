using Chat.PluginHost.Context;
using Chat.Plugins;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Context;

[CancelAfter(30000)]
public sealed class PluginContextTests
{
    [TestCase("OnMessage(m => HookResult.Pass)")]
    [TestCase("OnSending(m => Verdict.Allow)")]
    [TestCase("OnOutcome(o => default)")]
    [TestCase("OnEvent(e => default)")]
    [TestCase("Command(\"late\", \"\", \"\", c => CommandResult.Done)")]
    [TestCase("Every(TimeSpan.FromSeconds(1), () => default)")]
    [TestCase("Run(stopping => Task.CompletedTask)")]
    [TestCase("Save(() => null)")]
    [TestCase("Restore(text => { })")]
    [TestCase("OnSettings(settings => { })")]
    [TestCase("Concurrent = false")]
    public async Task Registering_after_the_start_throws(string registering, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", $$"""
            context.Command("try", "", "", call =>
            {
                try { context.{{registering}}; return CommandResult.Reply("it was taken"); }
                catch (InvalidOperationException exception) { return CommandResult.Reply(exception.Message); }
            });
            """));

        Assert.That(await chat.TypeAsync("/try"), Is.EqualTo(
            "Hooks, commands and timers are registered while the plugin starts, not later."));
    }

    [Test]
    public async Task The_callbacks_of_a_script_never_overlap_and_those_of_a_DLL_may_unless_they_say_otherwise(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("quiet.csx", """Log.Info($"quiet {Concurrent}");""");
        await chat.SaveAsync("busy.csx", """Concurrent = true; Log.Info($"busy {Concurrent}");""");
        var dll = await KeepContextAsync(chat, "");
        var careful = await KeepContextAsync(chat, "context.Concurrent = false;");

        Assert.That(chat.Log.Lines.All, Does.Contain("Information: quiet False").And.Contain("Information: busy True"));
        Assert.That((dll.Concurrent, careful.Concurrent), Is.EqualTo((true, false)));
    }

    [TestCase("Save(() => null)", "Save has been called before.")]
    [TestCase("Restore(text => { })", "Restore has been called before.")]
    [TestCase("OnSettings(settings => { })", "OnSettings has been called before.")]
    public async Task What_there_is_one_of_may_be_said_once(
        string registering, string problem, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("twice.csx", $"{registering};\n{registering};");

        Assert.That(chat.Hooks, Does.Contain(
            $"twice.csx: it failed while it was starting: twice.csx:2: InvalidOperationException: {problem}"));
    }

    [Test]
    public async Task A_context_hands_state_from_one_version_to_the_next(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var context = (PluginContext)await KeepContextAsync(chat, """
            var state = "start";
            context.Save(() => state + " saved");
            context.Restore(text => state = text);
            """);

        context.RestoreState("restored");

        Assert.That(context.SaveState(), Is.EqualTo("restored saved"));
    }

    [Test]
    public async Task What_a_retired_plugin_has_been_issued_no_longer_works(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var old = await KeepContextAsync(chat, $$"""
            context.Run(async _ =>
            {
                try { await context.Http.GetStringAsync("{{web.Address}}"); }
                catch (OperationCanceledException) { context.Log.Info("the request was cancelled"); }
            });
            """);
        await web.AcceptAsync(cancellationToken);

        var next = await KeepContextAsync(chat, "context.OnMessage(m => Pass);");
        await chat.RetiredAsync();

        Assert.That(chat.Log.Lines.All, Has.One.Contain("the request was cancelled"));
        Assert.That(() => old.Http, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => old.Store.Set("a", "b"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => old.Run(_ => Task.CompletedTask), Throws.InvalidOperationException);
        Assert.That(() => next.Store.Set("a", "b"), Throws.Nothing);
    }

    [Test]
    public async Task A_retired_plugin_says_nothing_more_and_knows_it(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var context = await KeepContextAsync(chat, "context.OnMessage(m => Pass);");
        var ann = await chat.Chat.EnterAsync("ann");
        await context.SayAsync("lobby", "ghost", "before");
        await ann.ExpectAsync("<ghost> before");
        Assert.That(context.Stopping.IsCancellationRequested, Is.False);

        File.Delete(chat.Drop("kept.dll"));
        await chat.RescanAsync();
        await chat.RetiredAsync();
        await context.SayAsync("lobby", "ghost", "after");
        await context.AnnounceAsync("lobby", "after");
        await context.TellAsync("ann", "after");

        Assert.That(await ann.PingAsync(), Is.Empty);
        Assert.That(context.Stopping.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task A_line_inside_the_old_version_is_not_cut_short_by_the_new_one(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var release = new TaskCompletionSource();
        using var shared = Shared.Put("slow", release);
        await chat.SaveAsync("slow.csx", """
            OnMessage(async m =>
            {
                Log.Info("entered");
                await ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("slow")).Task.WaitAsync(Stopping);
                return Rewrite("old");
            });
            """);
        var bob = await chat.Chat.EnterAsync("bob");
        await bob.SendLineAsync("hi");
        await chat.Log.WaitForAsync("entered", cancellationToken);

        await chat.SaveAsync("slow.csx", """OnMessage(m => Rewrite("new"));""");
        release.SetResult();

        await bob.ExpectAsync("<bob> old");
        await bob.SendLineAsync("hi");
        await bob.ExpectAsync("<bob> new");
    }

    [Test]
    public async Task The_old_version_is_told_to_stop_when_the_new_one_is_live(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var old = await KeepContextAsync(chat, "context.OnMessage(m => Pass);");
        var stopping = old.Stopping;

        var next = await KeepContextAsync(chat, "context.OnMessage(m => Drop);");
        await chat.RetiredAsync();

        Assert.That(
            (stopping.IsCancellationRequested, next.Stopping.IsCancellationRequested), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task A_plugin_speaks_announces_and_tells(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var context = await KeepContextAsync(chat, "");
        var clients = await chat.Chat.EnterAllAsync("ann", "bob");

        await context.SayAsync("lobby", "robot", "said");
        await context.AnnounceAsync("lobby", "announced");
        await context.TellAsync("bob", "told");
        await context.TellAsync("nobody", "told");

        Assert.That(await clients[0].PingAsync(), Is.EquivalentTo(new[] { "<robot> said", "*** announced" }));
        Assert.That(await clients[1].PingAsync(), Is.EquivalentTo(new[] { "<robot> said", "*** announced", "told" }));
        Assert.That(chat.Log.Lines.All, Has.Some.Contain("nobody was not told"));
    }

    [Test]
    public async Task A_plugin_never_sees_what_it_says_itself_and_others_do(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var seen = new Collected<string>();
        using var shared = Shared.Put("own", (Action<string>)seen.Add);
        await chat.SaveAsync("other.csx", Watching(""));
        var context = await KeepContextAsync(chat, Watching("context."));
        var ann = await chat.Chat.EnterAsync("ann");

        await context.SayAsync("lobby", "robot", "own");
        await chat.Server.Room("lobby").SayAsync("app", "last", cancellationToken);

        await seen.WaitForAsync(line => line == "kept event last", cancellationToken);
        await seen.WaitForAsync(line => line == "kept outcome last", cancellationToken);
        await seen.WaitForAsync(line => line == "other event last", cancellationToken);
        await seen.WaitForAsync(line => line == "other outcome last", cancellationToken);
        Assert.That(seen.All.Where(line => line.EndsWith("own", StringComparison.Ordinal)), Is.EquivalentTo(
            new[] { "other hook own", "other guard own", "other outcome own", "other event own" }));
    }

    [Test]
    public async Task Timers_tick_from_one_interval_after_the_start_and_stop_with_the_plugin(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        await chat.StartAsync();
        await chat.SaveAsync("tick.csx", """
            var count = 0;
            Every(TimeSpan.FromSeconds(10), () => { Log.Info($"tick {++count}"); return default; });
            """);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.That(chat.Log.Lines.All, Has.None.Contain("tick 1"));
        clock.Advance(TimeSpan.FromSeconds(1));
        await chat.Log.WaitForAsync("tick 1", cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        await chat.Log.WaitForAsync("tick 2", cancellationToken);

        File.Delete(chat.Drop("tick.csx"));
        await chat.RescanAsync();
        await chat.RetiredAsync();
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(chat.Log.Lines.All, Has.None.Contain("tick 3"));
    }

    [Test]
    public async Task A_timer_that_fails_is_logged_with_its_line_and_goes_on(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        await chat.StartAsync();
        await chat.SaveAsync("tick.csx", """
            var count = 0;
            Every(TimeSpan.FromSeconds(10), () =>
                ++count == 1 ? throw new InvalidOperationException("deliberate") : TellAsync("nobody", "ticked"));
            """);

        clock.Advance(TimeSpan.FromSeconds(10));
        await chat.Log.WaitForAsync("tick.csx:3: InvalidOperationException: deliberate", cancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));

        await chat.Log.WaitForAsync("nobody was not told", cancellationToken);
    }

    [Test]
    public async Task What_does_not_drain_in_time_is_stopped_all_the_same_and_logged(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        chat.Options.DrainTimeout = TimeSpan.FromSeconds(3);
        await chat.StartAsync();
        var release = new TaskCompletionSource();
        using var shared = Shared.Put("stuck", release);
        await chat.SaveAsync("stuck.csx", """
            OnMessage(async m =>
            {
                Log.Info("entered");
                await ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("stuck")).Task;
                return Pass;
            });
            """);
        var bob = await chat.Chat.EnterAsync("bob");
        await bob.SendLineAsync("held");
        await chat.Log.WaitForAsync("entered", cancellationToken);

        File.Delete(chat.Drop("stuck.csx"));
        await chat.RescanAsync();
        clock.Advance(TimeSpan.FromSeconds(3));

        await chat.Log.WaitForAsync(
            "Warning: Plugin stuck version 1 is being removed, but lines or timers are still inside it after 00:00:03",
            cancellationToken);
        release.SetResult();
        await bob.ExpectAsync("<bob> held");
    }

    [Test]
    public async Task The_plugins_log_goes_into_the_hosts(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("say.csx", """Log.Info("i"); Log.Warn("w"); Log.Error("e");""");

        Assert.That(chat.Log.Lines.All.Where(line => line.Length < 15), Is.EqualTo(
            new[] { "Information: i", "Warning: w", "Error: e" }));
    }

    private static async Task<IPluginContext> KeepContextAsync(PluginChat chat, string statements)
    {
        var name = Some.Name("context");
        IPluginContext? kept = null;
        using var shared = Shared.Put(name, (Action<IPluginContext>)(context => kept = context));
        await chat.SaveAsync("kept.dll", CompiledPlugin.Starting("kept", $"""
            ((Action<IPluginContext>)AppDomain.CurrentDomain.GetData("{name}"))(context);
            {statements}
            """));
        return kept!;
    }

    /// <summary>Statements that hand on all they see; <paramref name="context"/> is empty in a script.</summary>
    private static string Watching(string context) => $$"""
        var see = (Action<string>)AppDomain.CurrentDomain.GetData("own");
        var all = new HookOptions { Origins = MessageOrigins.Any };
        {{context}}OnMessage(m => { see({{context}}Id + " hook " + m.Text); return Pass; }, all);
        {{context}}OnSending(m => { see({{context}}Id + " guard " + m.Text); return Allow; }, all);
        {{context}}OnOutcome(o => { see({{context}}Id + " outcome " + o.Message.Text); return default; });
        {{context}}OnEvent(e => { if (e is Said said) see({{context}}Id + " event " + said.Text); return default; });
        """;
}
