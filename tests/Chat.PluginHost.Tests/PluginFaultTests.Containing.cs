using System.Runtime.ExceptionServices;

namespace Chat.PluginHost.Tests;

// What plugins do while they run.
public sealed partial class PluginFaultTests
{
    // A process has one handler, for good: it asks the host of the test that runs.
    private static readonly Lazy<bool> _handler = new(() =>
    {
        ExceptionHandling.SetUnhandledExceptionHandler(exception => Volatile.Read(ref _containing)?.Contain(exception)
            ?? false);
        return true;
    });

    private static PluginDirectory? _containing;

    [Test]
    public async Task F60_a_hook_that_throws_lets_the_message_pass_and_is_counted_by_file_and_line(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync(
            "bad.csx",
            "\nOnMessage(m => m.Text == \"throw\" ? throw new InvalidOperationException(\"deliberate\") : Pass);");

        var typed = await chat.TypeAsync("throw");

        Assert.That(typed, Is.EqualTo("<ann> throw"));
        Assert.That(chat.Hooks, Does.Contain("failed 1×, last: bad.csx:2: InvalidOperationException: deliberate"));
        Assert.That(await chat.TypeAsync("/hooks bad"), Does.Match(@"state +active").And.Match(
            "faults +1, last: bad.csx:2: InvalidOperationException: deliberate"));
    }

    [Test]
    public async Task F60_a_guard_that_throws_holds_the_message_back(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """context.OnSending(m => m.Text == "throw" ? throw new InvalidOperationException("deliberate") : """
                + """Allow);"""));

        Assert.That(await chat.TypeAsync("throw"), Is.EqualTo(
            "Not sent: the guard Foo failed on it. The operator can see why."));
        Assert.That(await chat.TypeAsync("other"), Is.EqualTo("<ann> other"));
    }

    [TestCase("policy.csx", "block", "Not sent: the hook policy failed on it. The operator can see why.")]
    [TestCase("policy.csx", "pass", "<ann> x")]
    public async Task F60_what_a_failure_does_is_the_hooks_own_policy(
        string name, string policy, string typed, CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync(
            name,
            """OnMessage(m => throw new InvalidOperationException("deliberate"), new """
                + $$"""HookOptions { OnFailure = Enum.Parse<FailurePolicy>("{{policy}}", true) });""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo(typed));
    }

    [TestCase(
        "async void",
        "Throw(); async void Throw() { await Task.Yield(); throw new InvalidOperationException(\"deliberate\"); }")]
    [TestCase("a thread", "new Thread(() => throw new InvalidOperationException(\"deliberate\")).Start();")]
    [TestCase(
        "a timer",
        "_timer = new Timer(_ => throw new InvalidOperationException(\"deliberate\"), null, 0, Timeout.Infinite);")]
    public async Task F61_what_a_plugin_throws_on_a_thread_of_its_own_ends_no_host_and_puts_it_out_of_use(
        string where, string statements, CancellationToken cancellationToken)
    {
        Assert.That(_handler.Value, Is.True);
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        _containing = chat.Plugins;
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo", $$"""context.OnMessage(m => { if (m.Text == "throw") Now(); return Rewrite("from Foo"); });""", $$"""
            Timer _timer;
            void Now() { {{statements}} }
            """));

        for (var fault = 1; fault <= 3; fault++)
        {
            await chat.TypeAsync("throw");
            while (chat.Log.Lines.All.Count(
                line => line.Contains("deliberate", StringComparison.Ordinal)
                    && line.Contains("thread of its own", StringComparison.Ordinal)) < fault)
                await Task.Yield();
        }

        await chat.Log.WaitForAsync("is disabled: it failed too often, the last time with ", cancellationToken);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"), where);
        Assert.That(chat.Hooks, Does.Match("DISABLED since .*it failed; /hooks enable Foo"));
    }

    [TestCase("a loop", "while (AppDomain.CurrentDomain.GetData(\"F62\") is not null) Thread.SpinWait(1000);")]
    [TestCase("a sleep", "Thread.Sleep(Timeout.Infinite);")]
    [TestCase("a lock", "lock (AppDomain.CurrentDomain.GetData(\"F62\")) { }")]
    [TestCase("a task that is waited for", "new TaskCompletionSource().Task.Wait();")]
    public async Task F62_a_hook_that_hangs_is_left_behind_on_its_thread_and_is_out_of_use(
        string what, string statements, CancellationToken cancellationToken)
    {
        using var held = new HeldLock();
        using var shared = Shared.Put("F62", held.Object);
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """context.OnMessage(m => { if (m.Text == "hang") Hang(); return Rewrite("from Foo"); }, """
                + $$"""{{ShortBudget}});""",
            $$"""void Hang() { {{statements}} }"""));
        await chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite(m.Text + "~"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> from Foo~"));

        Assert.That(await chat.TypeAsync("hang"), Is.EqualTo("<ann> hang~"), what);
        Assert.That(chat.Log.Lines.All, Has.One.StartsWith(
            "Error: Hook Foo (Foo.dll) has not returned within 200 ms and blocks a thread."));
        shared.Dispose();
        await chat.Log.WaitForAsync("Hook Foo (Foo.dll) has returned after all", cancellationToken);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> from Foo~"), "it has come back: it is enabled again");
    }

    [Test]
    public async Task F62_a_hook_that_waits_for_ever_without_a_thread_is_given_up(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """context.OnMessage(async m => { if (m.Text == "hang") await new TaskCompletionSource().Task; """
                + $$"""return Rewrite("from Foo"); }, {{ShortBudget}});"""));

        Assert.That(await chat.TypeAsync("hang"), Is.EqualTo("<ann> hang"));
        Assert.That(chat.Hooks, Does.Contain("last: TimeoutException: it took longer than its time budget of 200 ms"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> from Foo"));
    }

    [Test]
    public async Task F62_a_script_that_loops_for_ever_is_stopped_and_its_thread_is_free(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("loop.csx", $$"""
            OnMessage(m =>
            {
                while (m.Text == "hang") { }
                return Rewrite("from the script");
            }, {{ShortBudget}});
            """);

        Assert.That(await chat.TypeAsync("hang"), Is.EqualTo("<ann> hang"));
        Assert.That(chat.Hooks, Does.Match(@"last: .*loop\.csx:3"));
        Assert.That(await chat.TypeAsync("/hooks"), Does.Not.Contain("Threads stuck in plugins"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> from the script"));
    }

    [Test]
    public async Task F68_two_plugins_that_answer_each_other_from_within_their_hooks_come_to_an_end(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        const string Options = "new HookOptions { Origins = MessageOrigins.Client | MessageOrigins.Hook }";
        await chat.SaveAsync("Ping.dll", CompiledPlugin.Starting(
            "Ping",
            """context.OnMessage(async m => { await context.SayAsync("lobby", "ping", "again"); return Pass; }, """
                + $$"""{{Options}});"""));
        await chat.SaveAsync("Pong.dll", CompiledPlugin.Starting(
            "Pong",
            """context.OnMessage(async m => { await context.SayAsync("lobby", "pong", "again"); return Pass; }, """
                + $$"""{{Options}});"""));

        await chat.TypeAsync("start");

        await chat.Log.WaitForAsync("Plugins answer each other without end", cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.One.Match(
            "Warning: Plugins answer each other without end: a line of (Ping|Pong) in lobby is not sent, because 8 "
                + "lines of plugins led to it."));
        Assert.That(await chat.TypeAsync("/ping"), Does.EndWith("pong"), "the chat goes on");
    }

    [Test]
    public async Task F68_a_script_that_waits_in_a_callback_for_what_calls_it_again_is_given_up_and_the_chat_goes_on(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync(
            "echo.csx",
            """OnMessage(async m => { await SayAsync("lobby", "echo", m.Text); return Pass; }, new HookOptions { """
                + """TimeBudget = TimeSpan.FromMilliseconds(200), Origins = MessageOrigins.Any });""");
        await chat.SaveAsync("Pong.dll", CompiledPlugin.Starting(
            "Pong",
            """context.OnMessage(async m => { await context.SayAsync("lobby", "pong", "again"); return Pass; }, new """
                + """HookOptions { Origins = MessageOrigins.Any });"""));

        await chat.TypeAsync("start");

        Assert.That(chat.Log.Lines.All, Has.Some.StartsWith(
            "Warning: Hook echo (echo.csx) failed: TimeoutException: it took longer than its time budget of 200 ms."));
        Assert.That(await chat.TypeAsync("/ping"), Does.EndWith("pong"), "the chat goes on");
    }

    [TestCase("(HookResult)null!", "x", "the hook returned null instead of a HookResult")]
    [TestCase(
        "Rewrite(new string('x', 1 << 20))", "x", "the text the hook returned is not valid: it has 1048576 bytes")]
    [TestCase("Rewrite(\"\\r\\n\")", "x", "the text the hook returned is not valid: it is empty")]
    [TestCase("Rewrite(\"one\\r\\ntwo\")", "one  two", null)]
    [TestCase("Rewrite(\"\\u001b[2J\\u0007bell\\0\")", "[2Jbell", null)]
    [TestCase("Emit(new OutgoingMessage(\"elsewhere\") { Kind = MessageKind.Whisper })", "elsewhere", null)]
    public async Task F69_what_a_hook_returns_is_checked_as_what_a_user_types(
        string result, string said, string? fault, CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("odd.csx", $"OnMessage(m => {result});");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo($"<ann> {said}"));
        Assert.That(chat.Hooks, fault is null
            ? Does.Not.Contain("failed")
            : Does.Contain($"failed 1×, last: InvalidOperationException: {fault}"));
    }

    /// <summary>Short for a hook that is to hang, long for one that is not.</summary>
    private const string ShortBudget = "new HookOptions { TimeBudget = TimeSpan.FromMilliseconds(200) }";
}
