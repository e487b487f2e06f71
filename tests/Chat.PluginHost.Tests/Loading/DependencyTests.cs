namespace Chat.PluginHost.Tests.Loading;

[CancelAfter(30000)]
public sealed class DependencyTests
{
    [Test]
    public async Task Two_plugins_use_two_versions_of_one_library_side_by_side(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.DropTestPluginAsync("UsesLibrary1");
        await chat.DropTestPluginAsync("UsesLibrary2");

        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
        Assert.That(await chat.TypeAsync("/library2"), Is.EqualTo("library two 2.0.0.0"));
    }

    [TestCase("UsesLibrary1", "/library1", "library one 1.0.0.0")]
    [TestCase("Localized", "/greet de", "guten Tag")]
    public async Task Dependencies_are_found_without_a_deps_file_too(
        string plugin, string command, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin(plugin), chat.Drop(plugin));
        File.Delete(chat.Drop(plugin, $"{plugin}.deps.json"));

        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync(command), Is.EqualTo(answer));
    }

    [TestCase("en", "hello")]
    [TestCase("de", "guten Tag")]
    public async Task A_plugin_has_its_satellite_resources(
        string language, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.DropTestPluginAsync("Localized");

        Assert.That(await chat.TypeAsync($"/greet {language}"), Is.EqualTo(answer));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_plugin_has_its_native_libraries(CancellationToken cancellationToken)
    {
        // Any native library under a name that only this plugin's folder has.
        var native = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("Foo"));
        File.Copy(native, chat.Drop("Foo", "libprivate.so"));

        await chat.SaveAsync("Foo/Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """context.Command("native", "", "", call => CommandResult.Reply(GetPid() == Environment.ProcessId ? "it """
                + """is native" : "it is not"));""",
            """[System.Runtime.InteropServices.DllImport("private", EntryPoint = "SystemNative_GetPid")] static """
                + """extern int GetPid();"""));

        Assert.That(await chat.TypeAsync("/native"), Is.EqualTo("it is native"));
    }

    [Test]
    public async Task Native_libraries_below_runtimes_are_found_as_the_deps_file_says(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Assert.That(Directory.Exists(Path.Combine(RepositoryFiles.TestPlugin("UsesNative"), "runtimes")), Is.True);

        await chat.DropTestPluginAsync("UsesNative");

        Assert.That(await chat.TypeAsync("/sqlite"), Does.Match(@"^sqlite 3\.\d+\.\d+$"));
    }

    [TestCase("BareHook", "x", "<ann> X")]
    [TestCase("Standard", "/standard", "standard 2.0")]
    [TestCase("AppPlugin", "/app", "an app, and library one")]
    public async Task A_bare_hook_a_netstandard_plugin_and_an_app_work(
        string plugin, string line, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.DropTestPluginAsync(plugin);

        Assert.That(await chat.TypeAsync(line), Is.EqualTo(answer));
    }

    [Test]
    public async Task A_plugin_knows_its_place_and_finds_its_files_there(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.DropTestPluginAsync("Plain");

        var place = await chat.TypeAsync("/where");
        Assert.That(place, Does.StartWith($"at {chat.Shadow()}").And.EndWith("Plain.dll"));
        Assert.That(File.Exists(place[3..]), Is.True);
        Assert.That(await chat.TypeAsync("/data"), Is.EqualTo("what lies beside the plugin"));
    }

    [Test]
    public async Task Nothing_in_the_drop_folder_is_locked(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("UsesLibrary1");
        Directory.CreateDirectory(chat.Drop("_lib"));
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("Library2"), "Shared.Library.dll"), chat.Drop(
            "_lib", "Shared.Library.dll"));
        await chat.SaveAsync("main.csx", """
            #r "_lib/Shared.Library.dll"
            OnMessage(m => Rewrite(Shared.Library.Greeting.Text));
            """);
        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two"));

        var mapped = OperatingSystem.IsLinux() ? await File.ReadAllTextAsync("/proc/self/maps", cancellationToken) : "";

        Assert.That(mapped, Does.Not.Contain(chat.Drop()));
        foreach (var file in Directory.EnumerateFiles(chat.Drop(), "*", SearchOption.AllDirectories))
            Assert.That(() => new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None)
                .Dispose(), Throws.Nothing, file);
    }
}
