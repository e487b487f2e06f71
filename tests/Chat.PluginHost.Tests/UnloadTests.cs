using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Chat.PluginHost.Tests;

/// <summary>The twins of the load tests: what has been loaded is gone from memory once it has been taken out.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class UnloadTests
{
    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(
            "Plain.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "Plain")), "plain?", "/where")
            .SetArgDisplayNames("a DLL");
        yield return new TestCaseData(
            "UsesLibrary1.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "UsesLibrary1")), "x", "/library1")
            .SetArgDisplayNames("a DLL with a private dependency");
        yield return new TestCaseData(
            "Localized.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "Localized")), "x", "/greet de")
            .SetArgDisplayNames("a DLL with satellite resources");
        yield return new TestCaseData(
            "BareHook.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "BareHook")), "x", "/ping")
            .SetArgDisplayNames("a bare hook");
        yield return new TestCaseData(
            "Standard.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "Standard")), "x", "/standard")
            .SetArgDisplayNames("a netstandard DLL");
        yield return new TestCaseData(
            "AppPlugin.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "AppPlugin")), "x", "/app")
            .SetArgDisplayNames("an app");
        yield return new TestCaseData(
            "UsesJson.dll", (Action<PluginChat>)(chat => DropBuilt(chat, "UsesJson")), "x", "/json")
            .SetArgDisplayNames("a DLL that shows its types to Newtonsoft.Json");
        yield return new TestCaseData(
            "all.csx", (Action<PluginChat>)(chat => Write(chat, "all.csx", Everything)), "x", "/all")
            .SetArgDisplayNames("a script");
        yield return new TestCaseData("refers.csx", (Action<PluginChat>)WriteReferring, "x", "/refers")
            .SetArgDisplayNames("a script that refers to a DLL");
    }

    private const string Everything = """
        OnMessage(async m => { await Task.Yield(); return Rewrite(Regex.Replace(m.Text, "x", "y")); });
        OnSending(m => Allow);
        OnOutcome(o => default);
        OnEvent(e => default);
        Every(TimeSpan.FromHours(1), () => default);
        Command("all", "", "", call => Reply("all " + call.Nick));
        """;

    [TestCaseSource(nameof(Kinds))]
    public async Task What_is_removed_is_gone_from_memory(
        string source, Action<PluginChat> drop, string line, string command, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var loaded = await LoadAndUseAsync(chat, source, drop, line, command);

        Clear(chat);
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(LoadContexts.IsCollected(loaded), Is.True);
        Assert.That(Directory.EnumerateDirectories(Directory.EnumerateDirectories(chat.Shadow()).Single()), Is.Empty);
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task What_is_replaced_is_gone_from_memory(
        string source, Action<PluginChat> drop, string line, string command, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var old = await LoadAndUseAsync(chat, source, drop, line, command);

        var next = await LoadAndUseAsync(chat, source, again => Touch(again, source), line, command);
        await chat.RetiredAsync();

        Assert.That(LoadContexts.IsCollected(old), Is.True);
        Assert.That(next.TryGetTarget(out _), Is.True);
        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(2));
    }

    [Test]
    public async Task Of_many_versions_only_the_live_one_is_in_memory(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        List<WeakReference<AssemblyLoadContext>> old = [];
        for (var version = 0; version < 20; version++)
            old.Add(await LoadAndUseAsync(
                chat, "all.csx", each => Write(each, "all.csx", $"{Everything}\n// {version}"), "x", "/all"));
        await chat.RetiredAsync();

        Assert.That(old[..^1].Where(each => !LoadContexts.IsCollected(each)), Is.Empty);
    }

    [Test]
    public async Task A_script_whose_hook_has_thrown_is_gone_from_memory(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var loaded = await LoadAndUseAsync(chat, "boom.csx", each => Write(each, "boom.csx", """
            class Mine : Exception { }
            OnMessage(m => throw new Mine());
            Command("boom", "", "", call => throw new Mine());
            """), "x", "/boom");

        Clear(chat);
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(LoadContexts.IsCollected(loaded), Is.True);
    }

    [Test]
    public async Task What_failed_to_start_is_gone_from_memory(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var loaded = new HashSet<string?>();
        AssemblyLoadEventHandler onLoad = (_, added) =>
        {
            lock (loaded)
                loaded.Add(added.LoadedAssembly.GetName().Name);
        };
        AppDomain.CurrentDomain.AssemblyLoad += onLoad;

        Write(chat, "boom.csx", "class Mine : Exception { }\nOnMessage(m => Pass);\nthrow new Mine();");
        await chat.RescanAsync();
        Assert.That(chat.Hooks, Does.Contain("boom.csx:3: Mine: "));
        await chat.SaveAsync(
            "Foo.dll", CompiledPlugin.Starting("Foo", "throw new Mine();", "class Mine : Exception { }"));
        await chat.RetiredAsync();
        AppDomain.CurrentDomain.AssemblyLoad -= onLoad;

        Assert.That(loaded, Is.SupersetOf(new[] { "boom.csx", "Foo" }));
        Assert.That(LoadContexts.IsCollected(() => LoadContexts.Of("boom.csx").Count == 0 && LoadContexts.Of(
            "Foo.dll").Count == 0), Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference<AssemblyLoadContext>> LoadAndUseAsync(
        PluginChat chat, string source, Action<PluginChat> drop, string line, string command)
    {
        var before = LoadContexts.Of(source);
        drop(chat);
        await chat.RescanAsync();
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
        await chat.TypeAsync(line);
        await chat.TypeAsync(command);
        return LoadContexts.New(source, before);
    }

    private static void DropBuilt(PluginChat chat, string name) =>
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin(name), chat.Drop(name));

    private static void Write(PluginChat chat, string name, string text) => File.WriteAllText(chat.Drop(name), text);

    private static void WriteReferring(PluginChat chat)
    {
        Directory.CreateDirectory(chat.Drop("_lib"));
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll"), chat.Drop(
            "_lib", "Shared.Library.dll"));
        Write(chat, "refers.csx", """
            #r "_lib/Shared.Library.dll"
            OnMessage(m => Rewrite(Shared.Library.Greeting.Text));
            Command("refers", "", "", call => Reply(Shared.Library.Greeting.Text));
            """);
    }

    /// <summary>A change that is enough for a new version.</summary>
    private static void Touch(PluginChat chat, string source)
    {
        if (source.EndsWith(".csx", StringComparison.Ordinal))
            File.AppendAllText(chat.Drop(source), "\n// again");
        else
            File.WriteAllText(chat.Drop(Path.GetFileNameWithoutExtension(source), "again.txt"), "again");
    }

    private static void Clear(PluginChat chat)
    {
        Directory.Delete(chat.Drop(), recursive: true);
        Directory.CreateDirectory(chat.Drop());
    }
}
