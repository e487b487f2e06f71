using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Chat.PluginHost.Tests.Versions;

/// <summary>Nothing that the host issues keeps a plugin's code in memory.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class IssuedUnloadTests
{
    [TestCase(
        """Run(async stopping => { Log.Info("used"); await Task.Delay(Timeout.Infinite, stopping); });""",
        TestName = "A_script_with_background_work_is_gone_from_memory")]
    [TestCase(
        """Run(stopping => { Log.Info("used"); throw new Mine(); });""",
        TestName = "A_script_with_failed_background_work_is_gone_from_memory")]
    [TestCase(
        """Every(TimeSpan.FromMilliseconds(10), () => { Log.Info("used"); throw new Mine(); });""",
        TestName = "A_script_with_a_failed_timer_is_gone_from_memory")]
    [TestCase(
        """OnSettings(settings => { Log.Info("used"); if (settings["word"] == "bad") throw new Mine(); });""",
        TestName = "A_script_with_refused_settings_is_gone_from_memory")]
    [TestCase(
        """Stopping.Register(() => throw new Mine()); Log.Info("used");""",
        TestName = "A_script_that_fails_when_told_to_stop_is_gone_from_memory")]
    [TestCase(
        """Save(() => "state"); Restore(text => throw new Mine()); Log.Info("used");""",
        TestName = "A_script_that_saves_and_restores_is_gone_from_memory")]
    [TestCase(
        """Store.Set("word", "kept"); Log.Info("used " + Store.Get("word"));""",
        TestName = "A_script_that_keeps_something_is_gone_from_memory")]
    [TestCase(
        """Run(async stopping => { var answer = await Http.GetStringAsync("WEB", stopping); Log.Info("used " + """
            + """answer); });""", TestName = "A_script_that_has_had_a_web_answer_is_gone_from_memory")]
    [TestCase(
        """Run(async stopping => { Http.DefaultRequestHeaders.Add("X", "y"); Log.Info("used"); await """
            + """Http.GetStringAsync("WEB/never"); });""",
        TestName = "A_script_with_a_web_request_under_way_is_gone_from_memory")]
    public async Task Used(string statements, CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var loaded = await UseAsync(chat, web, statements, cancellationToken);

        File.Delete(chat.Drop("all.csx"));
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(IsCollected(loaded), Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference<AssemblyLoadContext>> UseAsync(
        PluginChat chat, LoopbackWeb web, string statements, CancellationToken cancellationToken)
    {
        File.WriteAllText(chat.Drop("all.json"), """{ "word": "one" }""");
        var addressed = statements
            .Replace("WEB/", web.Address, StringComparison.Ordinal)
            .Replace("WEB", web.Address, StringComparison.Ordinal);
        await chat.SaveAsync("all.csx", $"class Mine : Exception {{ }}\n{addressed}");
        if (statements.Contains("WEB", StringComparison.Ordinal))
        {
            var (request, connection) = await web.AcceptAsync(cancellationToken);
            if (!request.Contains("never", StringComparison.Ordinal))
                await LoopbackWeb.AnswerAsync(connection, 6, "answer", cancellationToken);
        }

        if (statements.Contains("OnSettings", StringComparison.Ordinal))
            await chat.SaveAsync("all.json", """{ "word": "bad" }""");
        await chat.Log.WaitForAsync("used", cancellationToken);
        return Loaded();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<AssemblyLoadContext> Loaded() =>
        new(AssemblyLoadContext.All.Single(each => each.IsCollectible && each.Name == "all"), trackResurrection: true);

    private static bool IsCollected(WeakReference<AssemblyLoadContext> context)
    {
        for (var round = 0; round < 10; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (!IsAlive(context))
                return true;
        }

        return false;
    }

    /// <summary>In a frame of its own: what it has found must not stay on the stack.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsAlive(WeakReference<AssemblyLoadContext> context) => context.TryGetTarget(out _);
}
