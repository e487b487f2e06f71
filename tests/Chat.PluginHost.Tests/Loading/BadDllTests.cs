using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using Chat.Plugins;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Loading;

[CancelAfter(30000)]
public sealed class BadDllTests
{
    private static readonly byte[] _good = CompiledPlugin.Starting(
        "Foo", """context.OnMessage(m => HookResult.Rewrite("good"));""");

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case(
            "a text file",
            "This is not a DLL."u8.ToArray(),
            "this is not a .NET assembly, or only a part of one (18 bytes). If it is still being copied, it is "
                + "tried again");
        yield return Case("an empty file", [], "the file is empty");
        yield return Case(
            "half a DLL", _good[..(_good.Length / 2)], "this is not a .NET assembly, or only a part of one");
        yield return Case(
            "a native library",
            Native(_good),
            "this is a native library, not a .NET assembly. Put native libraries into the folder of the plugin that "
                + "uses them.");
        yield return Case(
            "a DLL for a newer host",
            ForVersion("99.0.0.0"),
            "it was built for Chat.Abstractions 99.0.0, but this host "
                + $"has {typeof(IChatPlugin).Assembly.GetName().Version!.ToString(3)}. Build it against that version, "
                + "or update the host.");
        yield return Case(
            "a library",
            CompiledPlugin.Compile("Foo", "public class Nothing { }"),
            "there is no plugin in it: it does not refer to Chat.Abstractions.");
        yield return Case(
            "a DLL without a plugin class",
            CompiledPlugin.Compile(
                "Foo", "public class Nothing { public Chat.Hooks.Verdict V; }", CompiledPlugin.Contract),
            "there is no plugin in it. Add a public class that implements IChatPlugin");
        yield return Case("a plugin that is not public", CompiledPlugin.Compile(
            "Foo",
            "class Hidden : Chat.Hooks.IMessageObserver { public System.Threading.Tasks.ValueTask "
                + "OnOutcomeAsync(Chat.Hooks.MessageOutcome o, System.Threading.CancellationToken c) => default; }",
            CompiledPlugin.Contract), "there is no plugin in it. Add a public class that implements IChatPlugin");
        yield return Case(
            "a constructor with parameters",
            CompiledPlugin.Starting("Foo", "", "public ThePlugin(int number) { }"),
            "ThePlugin has no public constructor without parameters. Add one; what the plugin needs comes with "
                + "StartAsync.");
        yield return Case(
            "a constructor that throws",
            CompiledPlugin.Starting(
                "Foo", "", """public ThePlugin() => throw new InvalidOperationException("deliberate");"""),
            "it failed while it was starting: InvalidOperationException: deliberate");
        yield return Case(
            "a start that throws",
            CompiledPlugin.Starting("Foo", """throw new InvalidOperationException("deliberate");"""),
            "it failed while it was starting: InvalidOperationException: deliberate");
        yield return Case(
            "a command's name that cannot be one",
            CompiledPlugin.Starting("Foo", """context.Command("not one", "", "", call => CommandResult.Done);"""),
            "it failed while it was starting: ArgumentException: 'not one' cannot be a command's name");
        yield return Case(
            "a constructor that needs what is missing",
            CompiledPlugin.Starting(
                "Foo",
                "",
                """public ThePlugin() => throw new FileNotFoundException("", "Missing, Version=1.0.0.0");"""),
            "something it needs is missing: Missing, Version=1.0.0.0. Put the missing DLL into the plugin's folder.");
        yield return Case("a class whose base is missing", WithMissingBase(), "something it needs is missing: ");

        static TestCaseData Case(string what, byte[] dll, string reason) =>
            new TestCaseData(dll, reason).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Refused))]
    public async Task It_is_refused_by_name_with_a_reason_the_old_version_stays_and_the_next_good_one_is_taken(
        byte[] dll, string reason, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("Foo.dll", _good);

        await chat.SaveAsync("Foo.dll", dll);

        Assert.That(chat.Hooks, Does.Contain($"Foo.dll: {reason}"));
        Assert.That(
            chat.Log.Lines.All, Has.One.StartWith($"Error: Not loaded, version 1 stays in place: Foo.dll: {reason}"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
        await chat.SaveAsync(
            "Foo.dll", CompiledPlugin.Starting("Foo", """context.OnMessage(m => HookResult.Rewrite("better"));"""));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> better"));
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [Test]
    public async Task However_much_of_a_DLL_has_been_copied_the_host_stays_up_and_takes_the_whole_one(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        for (var length = 1; length < _good.Length; length += 97)
        {
            await chat.SaveAsync("Foo.dll", _good[..length]);
            Assert.That(chat.Hooks, Does.Contain("Foo.dll: "), $"{length} bytes");
        }

        await chat.SaveAsync("Foo.dll", _good);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
    }

    [Test]
    public async Task A_dependency_that_is_missing_is_named_and_taken_when_it_comes(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var built = RepositoryFiles.TestPlugin("UsesLibrary1");
        RepositoryFiles.CopyFolder(built, chat.Drop("UsesLibrary1"));
        File.Delete(chat.Drop("UsesLibrary1", "Shared.Library.dll"));

        await chat.RescanAsync();

        Assert.That(
            chat.Hooks + await chat.TypeAsync("/library1") + string.Join('\n', chat.Log.Lines.All),
            Does.Contain("Shared.Library").And.Contain("UsesLibrary1.dll"));
        await chat.SaveAsync(
            "UsesLibrary1/Shared.Library.dll", File.ReadAllBytes(Path.Combine(built, "Shared.Library.dll")));
        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
    }

    [Test]
    public async Task A_damaged_list_of_dependencies_is_reported_and_the_host_stays_up(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("UsesLibrary1"), chat.Drop("UsesLibrary1"));

        await chat.SaveAsync("UsesLibrary1/UsesLibrary1.deps.json", "{ this is not JSON");

        Assert.That(chat.Hooks, Does.Contain("UsesLibrary1.dll: "));
        await chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite("still here"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> still here"));
    }

    [Test]
    public async Task A_start_that_never_returns_is_given_up_after_the_time_it_may_take(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        chat.Options.StartTimeout = TimeSpan.FromSeconds(7);
        await chat.StartAsync();
        var tokenSet = new TaskCompletionSource();
        using var shared = Shared.Put("never", tokenSet);
        File.WriteAllBytes(chat.Drop("Foo.dll"), CompiledPlugin.Starting("Foo", """
            cancellationToken.Register(
                () => ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("never")).TrySetResult());
            context.Log.Info("starting");
            await new TaskCompletionSource().Task;
            """));

        var look = chat.RescanAsync();
        await chat.Log.WaitForAsync("starting", cancellationToken);
        while (!look.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(7));
            await Task.Yield();
        }

        await look;
        Assert.That(chat.Hooks, Does.Contain("Foo.dll: it did not finish starting within 7 s."));
        await tokenSet.Task.WaitAsync(cancellationToken);
        await chat.SaveAsync("Foo.dll", _good);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
    }

    [Test]
    public async Task A_copy_of_the_contract_in_the_plugins_folder_is_ignored_with_a_warning(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("BareHook"));
        File.Copy(typeof(IChatPlugin).Assembly.Location, chat.Drop("BareHook", "Chat.Abstractions.dll"));

        await chat.DropTestPluginAsync("BareHook");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> X"));
        Assert.That(chat.Log.Lines.All, Has.One.StartWith("Warning: BareHook.dll: ignoring ").And.Some.Contain(
            "Chat.Abstractions.dll, because the contract is always the host's."));
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [Test]
    public async Task A_copy_of_the_contract_in_the_drop_folder_itself_is_ignored_with_a_warning(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("Chat.Abstractions.dll", File.ReadAllBytes(typeof(IChatPlugin).Assembly.Location));

        Assert.That(chat.Ids, Is.Empty);
        Assert.That(chat.Hooks, Does.Contain(
            "Chat.Abstractions.dll: this copy of the contract is ignored, because the host always uses its own."));
    }

    /// <summary>The same file without its .NET header: what any native DLL looks like.</summary>
    private static byte[] Native(byte[] dll)
    {
        var native = (byte[])dll.Clone();
        using var image = new PEReader(new MemoryStream(dll));
        var headers = image.PEHeaders;
        var directories = headers.PEHeaderStartOffset + (headers.PEHeader!.Magic == PEMagic.PE32Plus ? 112 : 96);
        BinaryPrimitives.WriteInt64LittleEndian(native.AsSpan(directories + (14 * 8)), 0);
        return native;
    }

    /// <summary>A plugin compiled against another version of the contract.</summary>
    private static byte[] ForVersion(string version)
    {
        var contract = CompiledPlugin.Compile("Chat.Abstractions", $$"""
            [assembly: System.Reflection.AssemblyVersion("{{version}}")]
            namespace Chat.Plugins { public interface IChatPlugin { } }
            """);
        return CompiledPlugin.Compile("Foo", "public class ThePlugin : Chat.Plugins.IChatPlugin { }", MetadataReference
            .CreateFromImage(contract));
    }

    private static byte[] WithMissingBase()
    {
        var missing = CompiledPlugin.Compile("Missing", "public class Base { }");
        return CompiledPlugin.Compile(
            "Foo",
            "public class ThePlugin : Base, Chat.Plugins.IChatPlugin { public System.Threading.Tasks.ValueTask "
                + "StartAsync(Chat.Plugins.IPluginContext c, System.Threading.CancellationToken t) => default; }",
            CompiledPlugin.Contract,
            MetadataReference.CreateFromImage(missing));
    }
}
