using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Reload;

[CancelAfter(30000)]
public sealed class HandOverTests
{
    [Test]
    public async Task The_new_version_takes_over_what_the_old_one_has_saved_before_it_goes_live(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("count.csx", """
            var count = 40;
            OnMessage(m => Rewrite($"{++count}"));
            Save(() => $"{count}");
            """);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> 41"));

        await chat.SaveAsync("count.csx", """
            var count = 0;
            Restore(state => count = int.Parse(state));
            OnMessage(m => Rewrite($"now {++count}"));
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> now 42"));
    }

    [Test]
    public async Task A_version_that_cannot_take_over_is_refused_and_the_old_one_goes_on_with_what_it_has(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("count.csx", """
            var count = 40;
            OnMessage(m => Rewrite($"{++count}"));
            Save(() => "forty");
            """);

        await chat.SaveAsync("count.csx", "OnMessage(m => Rewrite(\"new\"));\nRestore(state => int.Parse(state));");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> 41"));
        Assert.That(chat.Hooks, Does.Contain(
            "count.csx: it could not restore what the version before it had saved: count.csx:2: FormatException: "));
        await chat.SaveAsync("count.csx", """OnMessage(m => Rewrite("newer"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> newer"));
    }

    [Test]
    public async Task A_version_that_cannot_save_is_replaced_all_the_same_and_the_next_starts_afresh(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("count.csx", """Save(() => throw new InvalidOperationException("deliberate"));""");

        await chat.SaveAsync("count.csx", """
            var state = "afresh";
            Restore(text => state = text);
            OnMessage(m => Rewrite(state));
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> afresh"));
        Assert.That(chat.Log.Lines.All, Has.One.StartsWith("Warning: ").And.One.Contains("deliberate"));
    }

    [Test]
    public async Task A_version_that_never_ends_saving_is_not_waited_for_without_end(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        await chat.StartAsync();
        using var end = new ManualResetEventSlim();
        var saving = new TaskCompletionSource();
        using var shared = Shared.Put("hand-over", new object[] { saving, end });
        await chat.SaveAsync("count.csx", """
            Save(() =>
            {
                var shared = (object[])AppDomain.CurrentDomain.GetData("hand-over");
                ((TaskCompletionSource)shared[0]).TrySetResult();
                ((ManualResetEventSlim)shared[1]).Wait();
                return "late";
            });
            """);
        File.WriteAllText(chat.Drop("count.csx"), """
            var state = "afresh";
            Restore(text => state = text);
            OnMessage(m => Rewrite(state));
            """);

        var look = chat.RescanAsync();
        await saving.Task.WaitAsync(cancellationToken);
        while (!look.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await look;
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> afresh"));
        Assert.That(chat.Log.Lines.All, Has.One.StartsWith(
            "Warning: Plugin count version 1 has not saved its state within 00:00:20, so version 2 starts afresh."));
        end.Set();
    }

    [Test]
    public async Task A_script_that_computes_while_it_saves_holds_lines_up_no_longer_than_allowed_and_is_stopped(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.HandOverTimeout = TimeSpan.FromSeconds(1);
        await chat.StartAsync();
        await chat.SaveAsync("count.csx", """
            OnMessage(m => Rewrite("old"));
            Save(() => { Log.Info("saving"); while (true) ; });
            """);
        File.WriteAllText(chat.Drop("count.csx"), """OnMessage(m => Rewrite("new"));""");

        var look = chat.RescanAsync();
        await chat.Log.WaitForAsync("saving", cancellationToken);
        var held = await chat.TypeAsync("x");
        await look;

        Assert.That(held, Is.EqualTo("<ann> old").Or.EqualTo("<ann> new"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> new"));
        await chat.Log.WaitForAsync("Warning: Plugin count could not save", cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.One.Contains("count.csx:2: ").And.One.Contains(
            "it ran longer than its time budget and was stopped"));
    }

    [Test]
    public async Task A_version_that_never_ends_restoring_is_refused(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.HandOverTimeout = TimeSpan.FromSeconds(1);
        await chat.StartAsync();
        await chat.SaveAsync("count.csx", """
            OnMessage(m => Rewrite("old"));
            Save(() => "state");
            """);

        await chat.SaveAsync("count.csx", """
            OnMessage(m => Rewrite("new"));
            Restore(_ => { while (true) ; });
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> old"));
        Assert.That(chat.Hooks, Does.Contain(
            "count.csx: it could not restore what the version before it had saved: count.csx:2: "
                + "ScriptStoppedException: it ran longer than its time budget and was stopped"));
    }

    [Test]
    public async Task A_version_is_not_asked_to_save_for_one_that_cannot_start(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("count.csx", """Save(() => { Log.Info("asked to save"); return "state"; });""");

        await chat.SaveAsync("count.csx", """throw new InvalidOperationException("deliberate");""");

        Assert.That(chat.Log.Lines.All, Has.None.Contains("asked to save"));
    }
}
