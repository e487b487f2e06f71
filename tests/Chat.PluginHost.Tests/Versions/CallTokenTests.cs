namespace Chat.PluginHost.Tests.Versions;

/// <summary>Lambdas with a token, which tells them that nobody waits any more.</summary>
[CancelAfter(60000)]
public sealed class CallTokenTests
{
    [TestCase("OnMessage", "Pass", "<ann> x")]
    [TestCase("OnSending", "Allow", "Not sent: ")]
    public async Task A_lambda_that_is_given_up_learns_of_it(
        string register, string answer, string seen, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("slow.csx", $$"""
            {{register}}(async (m, token) =>
            {
                try { await Task.Delay(-1, token); }
                catch (OperationCanceledException) { Log.Info("told"); }
                return {{answer}};
            }, new() { TimeBudget = TimeSpan.FromMilliseconds(20) });
            """);

        var line = await chat.TypeAsync("x");

        await chat.Log.WaitForAsync("told", cancellationToken);
        Assert.That(line, Does.StartWith(seen));
    }

    [Test]
    public async Task Such_lambdas_decide_as_others_do(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", """
            OnMessage((m, _) => Rewrite(m.Text + "!"));
            OnMessage(async (m, token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                return Rewrite(m.Text + "?");
            }, new() { Name = "second" });
            OnSending((m, _) => m.Text.Contains("no") ? Deny("no") : Allow);
            """);

        Assert.That((await chat.TypeAsync("x"), await chat.TypeAsync("no")), Is.EqualTo(("<ann> x!?", "no")));
    }

    [Test]
    public async Task A_plugins_method_may_take_a_token_or_none(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            "context.OnMessage(Plain); context.OnMessage(Told);",
            """
            static ValueTask<HookResult> Plain(MessageContext m) => Rewrite(m.Text + "1");
            static ValueTask<HookResult> Told(MessageContext m, CancellationToken token) =>
                Rewrite(m.Text + (token.IsCancellationRequested ? "?" : "2"));
            """));

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x12"));
    }

    [TestCase("OnMessage(m => Pas);", "say.csx:1:16: error CS0103: The name 'Pas' does not exist")]
    [TestCase(
        "OnMessage(m => m.Txt);",
        "say.csx:1:18: error CS1061: 'MessageContext' does not contain a definition for 'Txt'")]
    [TestCase(
        "OnMessage(m => \"text\");",
        "say.csx:1:16: error CS0029: Cannot implicitly convert type 'string' to "
            + "'System.Threading.Tasks.ValueTask<Chat.Hooks.HookResult>'")]
    [TestCase(
        "OnSending(m => Pass);",
        "say.csx:1:16: error CS0029: Cannot implicitly convert type 'Chat.Hooks.HookResult' to "
            + "'System.Threading.Tasks.ValueTask<Chat.Hooks.Verdict>'")]
    [TestCase("OnMessage(m => { });", "say.csx:1:13: error CS1643: Not all code paths return a value")]
    public async Task A_slip_in_a_lambda_is_told_where_it_is_though_there_are_two_kinds(
        string script, string problem, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("say.csx", script);

        Assert.That(chat.Hooks, Does.Contain(problem));
    }
}
