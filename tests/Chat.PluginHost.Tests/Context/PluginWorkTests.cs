using Chat.PluginHost.Context;
using Chat.Plugins;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Context;

[CancelAfter(30000)]
public sealed class PluginWorkTests
{
    [Test]
    public async Task Background_work_begins_when_the_plugin_is_live(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("work.csx", """
            var started = false;
            Run(async stopping =>
            {
                Log.Info($"at work, started: {started}");
                await AnnounceAsync("lobby", "at work");
            });
            await Task.Yield();
            started = true;
            """);

        await chat.Log.WaitForAsync("at work, started: True", cancellationToken);
    }

    [Test]
    public async Task Background_work_of_a_version_that_is_refused_never_begins(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("work.csx", """
            Run(stopping => { Log.Info("at work"); return Task.CompletedTask; });
            throw new InvalidOperationException("deliberate");
            """);
        await chat.RetiredAsync();

        Assert.That(chat.Log.Lines.All, Has.Some.Contain("deliberate").And.None.Contain("at work"));
    }

    [Test]
    public async Task Background_work_is_told_to_end_and_has_ended_before_the_plugin_is_disposed(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("work.dll", CompiledPlugin.Starting(
            "work",
            """
            _log = context.Log;
            context.Run(async stopping =>
            {
                _log.Info("at work");
                try { await Task.Delay(Timeout.Infinite, stopping); }
                finally { await Task.Yield(); _log.Info("work has ended"); }
            });
            """,
            """IPluginLog _log; public void Dispose() => _log.Info("disposed");""",
            ", IDisposable"));
        await chat.Log.WaitForAsync("at work", cancellationToken);

        File.Delete(chat.Drop("work.dll"));
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(
            chat.Log.Lines.All.Where(line => line.Contains("ended", StringComparison.Ordinal)
                || line.Contains("disposed", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "Information: work has ended", "Information: disposed" }));
        Assert.That(chat.Log.Lines.All, Has.None.StartWith("Error").And.None.StartWith("Warning"));
    }

    [Test]
    public async Task Background_work_that_fails_is_logged_once_with_its_line_and_is_over(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("work.csx", """
            var runs = 0;
            Run(async stopping =>
            {
                Log.Info($"run {++runs}");
                await Task.Yield();
                throw new InvalidOperationException("deliberate");
            });
            OnMessage(m => Rewrite("still here"));
            """);
        await chat.Log.WaitForAsync(
            "Error: A background task of plugin work failed and has ended: work.csx:6: InvalidOperationException: "
                + "deliberate", cancellationToken);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> still here"));
        Assert.That(chat.Log.Lines.All, Has.One.Contain("deliberate").And.None.Contain("run 2"));
    }

    [Test]
    public async Task Background_work_that_does_not_end_is_not_waited_for_without_end_and_is_named(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        chat.Options.DrainTimeout = TimeSpan.FromSeconds(3);
        await chat.StartAsync();
        var release = new TaskCompletionSource();
        using var shared = Shared.Put("work-hang", release);
        var context = await KeepAsync(chat, """
            context.Run(_ => ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("work-hang")).Task);
            context.Run(_ => ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("work-hang")).Task);
            context.Run(_ => Task.CompletedTask);
            context.Every(TimeSpan.FromHours(1), () => default);
            context.Stopping.Register(
                () => ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("work-hang")).Task.Wait());
            """);

        File.Delete(chat.Drop("kept.dll"));
        await chat.RescanAsync();
        var logged = chat.Log.WaitForAsync(
            "Warning: Plugin kept version 1 is being removed, but its background tasks go on after 00:00:03",
            cancellationToken);
        while (!logged.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(3));
            await Task.Yield();
        }

        Assert.That(
            context.StillHeld(), Is.EqualTo(new[] { "2 background tasks", "what it does when Stopping is set" }));
        release.SetResult();
        await chat.RetiredAsync();
        await context.WhenEndedAsync().WaitAsync(cancellationToken);
        while (context.StillHeld().Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Test]
    public async Task What_a_live_version_holds_has_names(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var context = await KeepAsync(chat, $$"""
            context.Every(TimeSpan.FromHours(1), () => default);
            context.Every(TimeSpan.FromHours(1), () => default);
            context.Run(async stopping => await context.Http.GetStringAsync("{{web.Address}}"));
            """);
        await web.AcceptAsync(cancellationToken);
        Assert.That(context.StillHeld(), Is.EqualTo(new[] { "a background task", "a web connection" }));

        File.Delete(chat.Drop("kept.dll"));
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(context.StillHeld(), Is.Empty);
    }

    private static async Task<PluginContext> KeepAsync(PluginChat chat, string statements)
    {
        var name = Some.Name("context");
        IPluginContext? kept = null;
        using var shared = Shared.Put(name, (Action<IPluginContext>)(context => kept = context));
        await chat.SaveAsync("kept.dll", CompiledPlugin.Starting("kept", $"""
            ((Action<IPluginContext>)AppDomain.CurrentDomain.GetData("{name}"))(context);
            {statements}
            """));
        return (PluginContext)kept!;
    }
}
