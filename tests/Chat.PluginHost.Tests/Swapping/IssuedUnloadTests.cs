using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Chat.PluginHost.Tests.Swapping;

/// <summary>Nothing that the host issues keeps a plugin's code in memory.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class IssuedUnloadTests
{
    [Test]
    public async Task A_script_that_has_used_all_that_is_issued_is_gone_from_memory(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var loaded = await UseAllAsync(chat, web, cancellationToken);

        File.Delete(chat.Drop("all.csx"));
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(IsCollected(loaded), Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference<AssemblyLoadContext>> UseAllAsync(PluginChat chat, LoopbackWeb web, CancellationToken cancellationToken)
    {
        File.WriteAllText(chat.Drop("all.json"), """{ "word": "one" }""");
        await chat.SaveAsync("all.csx", $$"""
            class Mine : Exception { }
            string state = null;
            Run(async stopping => { Log.Info(await Http.GetStringAsync("{{web.Address}}")); await Task.Delay(Timeout.Infinite, stopping); });
            Run(stopping => throw new Mine());
            Every(TimeSpan.FromMilliseconds(10), () => throw new Mine());
            Save(() => state);
            Restore(text => state = text);
            OnSettings(settings => { state = settings["word"]; if (state == "bad") throw new Mine(); });
            Stopping.Register(() => Log.Info("stopping"));
            Store.Set("word", "kept");
            Command("word", "", "", call => Reply(Store.Get("word")));
            """);
        var (_, connection) = await web.AcceptAsync(cancellationToken);
        await LoopbackWeb.AnswerAsync(connection, 6, "answer", cancellationToken);
        await chat.Log.WaitForAsync("answer", cancellationToken);
        await chat.Log.WaitForAsync("A background task of plugin all failed", cancellationToken);
        await chat.Log.WaitForAsync("A timer of plugin all failed", cancellationToken);
        await chat.SaveAsync("all.json", """{ "word": "bad" }""");
        await chat.SaveAsync("all.json", """{ "word": "two" }""");
        Assert.That(await chat.TypeAsync("/word"), Is.EqualTo("kept"));
        return Loaded();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<AssemblyLoadContext> Loaded() =>
        new(AssemblyLoadContext.All.Single(each => each.Name == "all.csx"), trackResurrection: true);

    private static bool IsCollected(WeakReference<AssemblyLoadContext> context)
    {
        for (var round = 0; round < 10; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (!context.TryGetTarget(out _))
                return true;
        }

        return false;
    }
}
