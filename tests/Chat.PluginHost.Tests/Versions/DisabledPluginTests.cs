using Chat.PluginHost.Loading;

namespace Chat.PluginHost.Tests.Versions;

/// <summary>What a script has left running when all its hooks are disabled.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class DisabledPluginTests
{
    private const string Key = "open sesame";

    /// <summary>The first line leaves a loop behind; then each line that asks for it fails.</summary>
    private static string Script(string loop, string more = "") => $$"""
        Task left = null;
        {{more}}
        OnMessage(m =>
        {
            if (left == null)
                AppDomain.CurrentDomain.SetData("left", left = {{loop}});
            return m.Text == "fail" ? throw new InvalidOperationException("asked to") : Rewrite("seen");
        });
        """;

    [TestCase("Task.Run(async () => { while (true) await Task.Yield(); })")]
    [TestCase("Task.Run(() => { while (true) ; })")]
    [TestCase("((Func<Task>)(async () => { while (true) await Task.Delay(1); }))()")]
    public async Task A_loop_a_callback_has_left_behind_ends_when_the_script_is_put_out_of_use_and_enabled_again_works(
        string loop, CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        await chat.SaveAsync("bad.csx", Script(loop));
        var before = await chat.TypeAsync("x");
        var left = Left();
        var wasRunning = !left.IsCompleted;

        await FailAsync(chat);

        Assert.CatchAsync<ScriptStoppedException>(() => left.WaitAsync(cancellationToken));
        Assert.That((before, wasRunning, await chat.TypeAsync("x")), Is.EqualTo(("<ann> seen", true, "<ann> x")));
        await EnableAsync(chat, "bad");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> seen"));
    }

    [Test]
    public async Task As_long_as_one_of_its_hooks_is_in_use_nothing_of_it_is_stopped(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        await chat.SaveAsync("bad.csx", Script(
            "Task.Run(async () => { while (true) await Task.Yield(); })",
            "OnMessage(m => { for (var n = 0; n < 3; n++) ; return Rewrite(m.Text + \"!\"); }, new() { Name = "
                + "\"good\" });"));
        await chat.TypeAsync("x");
        var left = Left();

        await FailAsync(chat);
        var withOne = await chat.TypeAsync("x");

        Assert.That((withOne, left.IsCompleted), Is.EqualTo(("<ann> x!", false)));
    }

    [Test]
    public async Task A_command_of_a_script_whose_hook_is_out_of_use_goes_on_working(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        await chat.SaveAsync("bad.csx", Script(
            "Task.CompletedTask",
            """Command("count", "", "counts", c => { var n = 0; while (n < 7) n++; return Reply($"{n}"); });"""));
        await chat.TypeAsync("x");

        await FailAsync(chat);

        Assert.That((await chat.TypeAsync("x"), await chat.TypeAsync("/count")), Is.EqualTo(("<ann> x", "7")));
    }

    [Test]
    public async Task A_script_that_is_out_of_use_still_saves_its_state_for_the_next_version(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        await chat.SaveAsync("bad.csx", Script(
            "Task.CompletedTask", """Save(() => { var n = 0; while (n < 7) n++; return $"{n}"; });"""));
        await chat.TypeAsync("x");
        await FailAsync(chat);

        await chat.SaveAsync(
            "bad.csx", """string old = ""; Restore(text => old = text); OnMessage(m => Rewrite($"was {old}"));""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> was 7"));
    }

    [Test]
    public async Task A_script_that_is_out_of_use_still_takes_settings(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(cancellationToken);
        await chat.SaveAsync("bad.csx", Script(
            "Task.CompletedTask", """OnSettings(s => { var n = 0; while (n < 7) n++; Log.Info($"taken {n}"); });"""));
        await chat.TypeAsync("x");
        await FailAsync(chat);

        await chat.SaveAsync("bad.json", "{ }");

        await chat.Log.WaitForAsync("taken 7", cancellationToken);
    }

    private static async Task<PluginChat> StartAsync(CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.SetData("left", null);
        var chat = new PluginChat(cancellationToken) { Configure = options => options.OperatorKey = Key };
        return await chat.StartAsync();
    }

    private static Task Left() => (Task)AppDomain.CurrentDomain.GetData("left")!;

    private static async Task FailAsync(PluginChat chat)
    {
        for (var fault = 0; fault < 3; fault++)
            await chat.TypeAsync("fail");
    }

    private static async Task EnableAsync(PluginChat chat, string hook)
    {
        await chat.TypeAsync($"/operator {Key}");
        await chat.TypeAsync($"/hooks enable {hook}");
    }
}
