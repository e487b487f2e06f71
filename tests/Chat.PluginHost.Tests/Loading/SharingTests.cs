using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Chat.PluginHost.Tests.Loading;

/// <summary>Which assemblies a plugin shares with the host, and which are its own.</summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed class SharingTests
{
    private static readonly string _framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    [Test]
    public async Task A_copy_of_a_framework_assembly_in_the_plugins_folder_is_ignored(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        using var shared = Shared.Put("regex", typeof(Regex));
        Directory.CreateDirectory(chat.Drop("Foo"));
        var file = typeof(Regex).Assembly.Location;
        File.Copy(file, chat.Drop("Foo", Path.GetFileName(file)));

        await chat.SaveAsync("Foo/Foo.dll", CompiledPlugin.Starting("Foo", """
            var theirs = AppDomain.CurrentDomain.GetData("regex");
            context.Command("same", "", "", call => Reply($"{typeof(System.Text.RegularExpressions.Regex) == theirs}"));
            """));

        Assert.That(await chat.TypeAsync("/same"), Is.EqualTo("True"));
    }

    [TestCase("mscorlib")]
    [TestCase("System.Text.Json")]
    [TestCase("netstandard")]
    [TestCase("*")]
    public async Task Copies_of_the_framework_in_the_plugins_folder_do_no_harm(
        string name, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("UsesJson"), chat.Drop("UsesJson"));
        foreach (var file in Directory.EnumerateFiles(_framework, $"{name}.dll"))
            File.Copy(file, chat.Drop("UsesJson", Path.GetFileName(file)));

        await chat.RescanAsync();

        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
        Assert.That(await chat.TypeAsync("/json"), Does.Contain("{"));
    }

    [Test]
    public async Task Handlers_of_others_for_missing_assemblies_are_not_asked_for_what_a_plugin_has(
        CancellationToken cancellationToken)
    {
        List<string?> asked = [];
        ResolveEventHandler handler = (_, missing) =>
        {
            lock (asked)
                asked.Add(missing.Name);
            return null;
        };
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        AppDomain.CurrentDomain.AssemblyResolve += handler;
        try
        {
            await chat.DropTestPluginAsync("UsesLibrary1");
            Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
        }
        finally
        {
            AppDomain.CurrentDomain.AssemblyResolve -= handler;
        }

        Assert.That(asked, Is.Empty);
    }

    [Test]
    public async Task A_plugin_loads_nothing_from_outside_its_folder_whatever_its_runtimeconfig_says(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        using var outside = new TemporaryFolder();
        var library = CompiledPlugin.Compile("Lib", "public static class Lib { public static int One => 1; }");
        File.WriteAllBytes(Path.Combine(outside.Path, "Lib.dll"), library);
        Directory.CreateDirectory(chat.Drop("Foo"));
        File.WriteAllText(chat.Drop("Foo", "Foo.runtimeconfig.json"), $$"""
            { "runtimeOptions": { "tfm": "net10.0", "additionalProbingPaths": [ "{{outside.Path}}" ] } }
            """);

        await chat.SaveAsync("Foo/Foo.dll", CompiledPlugin.Compile(
            "Foo",
            """
            using System.Threading; using System.Threading.Tasks; using Chat.Commands; using Chat.Plugins;
            public sealed class ThePlugin : IChatPlugin
            {
                public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
                {
                    context.Command("one", "", "", call =>
                    {
                        try { return One(); }
                        catch (System.IO.FileNotFoundException) { return CommandResult.Reply("not found"); }
                    });
                    return default;
                }
                static CommandResult One() => CommandResult.Reply($"{Lib.One}");
            }
            """,
            CompiledPlugin.Contract,
            MetadataReference.CreateFromImage(library)));

        Assert.That(await chat.TypeAsync("/one"), Is.EqualTo("not found"));
    }

    [Test]
    public async Task A_script_may_refer_to_a_DLL_whose_file_has_another_name(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("_lib"));
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll"), chat.Drop(
            "_lib", "renamed.dll"));

        await chat.SaveAsync("say.csx", """
            #r "_lib/renamed.dll"
            OnMessage(m => Rewrite(Shared.Library.Greeting.Text));
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_DLL_of_a_script_finds_what_lies_beside_it_and_nothing_is_mapped_from_there(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var inner = CompiledPlugin.Compile(
            "Inner", "public static class Inner { public static string Text => \"inner\"; }");
        var outer = CompiledPlugin.Compile(
            "Outer",
            """
            using System.Runtime.InteropServices;
            public static class Outer
            {
                [DllImport("libprivate.so", EntryPoint = "SystemNative_GetPid")] static extern int GetPid();
                public static string Text => Inner.Text + (GetPid() == System.Environment.ProcessId ? " native" : "");
            }
            """,
            MetadataReference.CreateFromImage(inner));
        Directory.CreateDirectory(chat.Drop("_lib"));
        File.WriteAllBytes(chat.Drop("_lib", "Inner.dll"), inner);
        File.WriteAllBytes(chat.Drop("_lib", "Outer.dll"), outer);
        File.Copy(Path.Combine(_framework, "libSystem.Native.so"), chat.Drop("_lib", "libprivate.so"));

        await chat.SaveAsync("say.csx", """
            #r "_lib/Outer.dll"
            OnMessage(m => Rewrite(Outer.Text));
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> inner native"));
        Assert.That(await File.ReadAllTextAsync("/proc/self/maps", cancellationToken), Does.Not.Contain(chat.Drop()));
    }

    [Test]
    public async Task A_script_gets_the_hosts_own_assembly_if_it_refers_to_one(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        using var shared = Shared.Put("engine", typeof(Engine.ChatServer));

        await chat.SaveAsync("say.csx", """
            #r "Chat.Engine"
            OnMessage(m => Rewrite($"{typeof(Chat.Engine.ChatServer) == AppDomain.CurrentDomain.GetData("engine")}"));
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> True"), chat.Hooks);
    }

    [Test]
    public async Task A_script_does_not_see_the_DLLs_of_other_plugins_beside_it(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllBytes(chat.Drop("Foo.dll"), CompiledPlugin.Starting("Foo", ""));

        await chat.SaveAsync("say.csx", """
            OnMessage(m =>
            {
                try { return Rewrite("saw " + System.Reflection.Assembly.Load("Foo").Location); }
                catch (FileNotFoundException) { return Rewrite("nothing"); }
            });
            """);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> nothing"), chat.Hooks);
    }
}
