using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Chat.PluginHost.Versions;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests;

/// <summary>What might hold a plugin in memory, and what comes of it: it is cut, or it is reported.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class RootTests
{
    private static IEnumerable<TestCaseData> Cut()
    {
        yield return Case("its types were serialized by System.Text.Json", """
            context.Command("use", "", "", call => Reply(
                System.Text.Json.JsonSerializer.Serialize(new Mine())
                + System.Text.Json.JsonSerializer.Deserialize<Mine>("{}").Number));
            """, "public sealed class Mine { public int Number { get; set; } = 7; }", "{\"Number\":7}7");
        yield return Case("its types were serialized with options of its own", """
            var options = new System.Text.Json.JsonSerializerOptions { WriteIndented = false };
            context.Command("use", "", "", call => Reply(
                System.Text.Json.JsonSerializer.Serialize(new Mine(), options)));
            """, "public sealed class Mine { public int Number { get; set; } = 7; }", "{\"Number\":7}");
        yield return Case("its types were described by TypeDescriptor", """
            context.Command("use", "", "", call => Reply(
                System.ComponentModel.TypeDescriptor.GetProperties(typeof(Mine)).Count
                + System.ComponentModel.TypeDescriptor.GetConverter(typeof(Mine)).GetType().Name));
            """, "public sealed class Mine { public int Number { get; set; } = 7; }", "1TypeConverter");
        yield return Case("it listens to events through its context", """
            context.OnEvent(e => default); context.OnOutcome(o => default); context.OnMessage(m => Pass);
            context.Stopping.Register(() => GC.KeepAlive(this));
            context.Command("use", "", "", call => Reply("used"));
            """, "", "used");
        yield return Case("a thread of its own has ended, with what was local to it", """
            var thread = new Thread(() => { Local.Value = new Mine(); context.Stopping.WaitHandle.WaitOne(); });
            thread.Start();
            context.Command("use", "", "", call => { Local.Value = new Mine(); return Reply("used"); });
            """, "sealed class Mine { } static readonly AsyncLocal<Mine> Local = new();", "used");
        yield return Case("a hook has left something local to its thread", """
            context.OnMessage(m => { Local.Value = new Mine(); return Pass; });
            context.Command("use", "", "", call => Say("used"));
            """, "sealed class Mine { } static readonly AsyncLocal<Mine> Local = new();", "<ann> used");
        yield return Case("a timer of its own is disposed", """
            var timer = new Timer(_ => GC.KeepAlive(this), null, 1000, 1000);
            context.Stopping.Register(() => timer.Dispose());
            context.Command("use", "", "", call => Reply("used"));
            """, "", "used");

        static TestCaseData Case(string what, string start, string members, string answer) =>
            new TestCaseData(start, members, answer).SetArgDisplayNames(what);
    }

    private static IEnumerable<TestCaseData> Reported()
    {
        yield return Case(
            "a timer of its own that is not disposed",
            "Held = new Timer(_ => { }, null, 3600000, 3600000);",
            "Held.Dispose();",
            "static Timer Held;");
        yield return Case(
            "a thread of its own that runs",
            "var end = (ManualResetEvent)AppDomain.CurrentDomain.GetData(\"root\"); new Thread(() => end.WaitOne()) { "
                + "IsBackground = true }.Start();",
            "((ManualResetEvent)AppDomain.CurrentDomain.GetData(\"root\")).Set();",
            "");
        yield return Case(
            "a handler on a static event of the framework",
            "AppDomain.CurrentDomain.ProcessExit += OnExit;",
            "AppDomain.CurrentDomain.ProcessExit -= OnExit;",
            "static void OnExit(object s, EventArgs e) { }");

        static TestCaseData Case(string what, string hold, string letGo, string members) =>
            new TestCaseData(hold, letGo, members).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Cut))]
    public async Task It_does_not_hold_a_plugin_that(
        string start, string members, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var known = LoadContexts.Of("Foo.dll");
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", start, members));
        Assert.That(await chat.TypeAsync("/use"), Is.EqualTo(answer));
        var loaded = LoadContexts.New("Foo.dll", known);

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", ""));
        await chat.RetiredAsync();

        Assert.That(LoadContexts.IsCollected(loaded), Is.True);
    }

    [TestCaseSource(nameof(Reported))]
    public async Task It_is_reported_that_a_plugin_is_held_by(
        string hold, string letGo, string members, CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        using var end = new ManualResetEvent(false);
        using var shared = Shared.Put("root", end);
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        await chat.StartAsync();
        var known = LoadContexts.Of("Foo.dll");
        await chat.SaveAsync(
            "Foo.dll", CompiledPlugin.Starting("Foo", hold, $"{members} public static void LetGo() {{ {letGo} }}"));
        var loaded = LoadContexts.New("Foo.dll", known);

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", ""));
        await chat.RetiredAsync();
        await PassUntilAsync(
            clock,
            () => chat.Log.Lines.All.Any(line => line.Contains("still in memory", StringComparison.Ordinal)),
            cancellationToken);

        Assert.That(
            chat.Log.Lines.All,
            Has.One.StartsWith("Warning: Plugin Foo version 1 is retired but still in memory after ").And.One.Contains(
                "a thread of its own, a handler on a static event of the framework, or a library's cache"));
        Assert.That(chat.Plugins.Retired.Single(), Has.Property("State").EqualTo(PluginState.Retired)
            .And.Property("Version").EqualTo(1));
        Assert.That(await chat.TypeAsync("/plugins"), Does.Match(
            @"(?m)^  Foo +Foo\.dll +1 +retired +\d+ \w+ +something the host has not issued"));
        LetGo(loaded);
        await PassUntilAsync(clock, () => chat.Plugins.Retired.Count == 0, cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Information: Plugin Foo version 1, which was still in memory, is gone after all."));
    }

    /// <summary>Only the plugin's own code can undo what it has done.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LetGo(WeakReference<AssemblyLoadContext> loaded)
    {
        Assert.That(loaded.TryGetTarget(out var context), Is.True);
        context!.Assemblies.Single(each => each.GetName().Name == "Foo").GetType("ThePlugin")!.GetMethod(
            "LetGo")!.Invoke(null, null);
    }

    /// <summary>Lets time go by, with a full collection each second, until it is so.</summary>
    private static async Task PassUntilAsync(
        FakeTimeProvider clock, Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (!isReached())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LoadContexts.Collect();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
