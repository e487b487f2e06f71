using System.Diagnostics;

namespace Chat.PluginHost.Tests.Watching;

[CancelAfter(30000)]
[Platform("Linux,MacOsX")]
public sealed class PluginScannerTests
{
    private static readonly string _built = Path.Combine(RepositoryFiles.TestPlugin("BareHook"), "BareHook.dll");

    [Test]
    public async Task Links_are_not_followed(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var elsewhere = Directory.CreateTempSubdirectory("chat-elsewhere-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(elsewhere, "say.csx"), """OnMessage(m => Rewrite("linked"));""");
            File.Copy(_built, Path.Combine(elsewhere, "linked.dll"));
            File.CreateSymbolicLink(chat.Drop("say.csx"), Path.Combine(elsewhere, "say.csx"));
            File.CreateSymbolicLink(chat.Drop("BareHook.dll"), _built);
            Directory.CreateSymbolicLink(chat.Drop("linked"), elsewhere);
            Directory.CreateDirectory(chat.Drop("inner"));
            File.CreateSymbolicLink(chat.Drop("inner", "inner.dll"), _built);
            File.CreateSymbolicLink(chat.Drop("broken.csx"), Path.Combine(elsewhere, "missing"));

            await chat.RescanAsync();

            Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
            Assert.That(chat.Ids, Is.Empty);
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Test]
    public async Task A_plugin_that_lies_a_folder_too_deep_is_told_of(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("BareHook"), chat.Drop("BareHook", "net10.0"));

        await chat.RescanAsync();

        Assert.That(chat.Server.Problems, Is.EqualTo(new[]
        {
            "BareHook: its DLL lies too deep, in net10.0/BareHook.dll. Move what is in that folder up into BareHook.",
        }));
    }

    [Test]
    public async Task Loops_of_links_in_a_plugins_folder_do_no_harm(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("BareHook", "deeper"));
        Directory.CreateSymbolicLink(chat.Drop("BareHook", "deeper", "loop"), chat.Drop("BareHook"));
        File.CreateSymbolicLink(chat.Drop("BareHook", "self"), chat.Drop("BareHook", "self"));

        await chat.DropTestPluginAsync("BareHook");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> X"));
    }

    [TestCase("pipe.csx")]
    [TestCase("pipe.dll")]
    [TestCase("pipe/pipe.dll")]
    [TestCase("tail.json")]
    [TestCase("BareHook/pipe")]
    [TestCase("BareHook/BareHook.json")]
    public async Task A_pipe_never_blocks_the_look_and_is_no_plugin(string name, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("BareHook"), chat.Drop("BareHook"));
        Directory.CreateDirectory(Path.GetDirectoryName(chat.Drop(name))!);
        using (var made = Process.Start("mkfifo", [chat.Drop(name)]))
            await made.WaitForExitAsync(cancellationToken);

        var look = chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite(m.Text + "~"));""");

        await look.WaitAsync(TimeSpan.FromSeconds(15), cancellationToken);
        Assert.That(chat.Ids, Has.No.Member("pipe"));
        Assert.That(chat.Ids, Has.Member("zebra"));
    }

    [TestCase("a\nb.csx", "a?b.csx: a plugin's name has no invisible characters", true)]
    [TestCase("a\u001b[31m.csx", "a?[31m.csx: a plugin's name has no invisible characters", true)]
    [TestCase("a\u202eb.csx", "a?b.csx: a plugin's name has no invisible characters", true)]
    [TestCase("10-...csx", "10-...csx: a plugin's name does not begin with '.'", true)]
    [TestCase("..\\..\\x.csx", "..\\..\\x.csx", false)]
    [TestCase("a\\x.csx", "a\\x.csx: a plugin's name has no invisible characters, and none of /", true)]
    [TestCase("10-_lib.csx", "10-_lib.csx: a plugin's name does not begin with '.' or '_'", true)]
    public async Task A_name_that_could_lead_elsewhere_or_spoil_a_screen_is_no_plugins(
        string name, string problem, bool isReported, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync(name, "OnMessage(m => Pass);");
        await chat.RescanAsync();

        Assert.That(chat.Ids, Is.Empty);
        Assert.That(
            chat.Log.Lines.All.Count(
                line => line.StartsWith($"Error: Not loaded: {problem}", StringComparison.Ordinal)),
            Is.EqualTo(isReported ? 1 : 0));
    }

    [Test]
    public async Task A_name_of_more_than_64_characters_is_no_plugins(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync($"{new string('a', 65)}.csx", "OnMessage(m => Pass);");

        Assert.That(chat.Hooks, Does.Contain("a.csx: a plugin's name has 1 to 64 characters. Rename it."));
    }

    [Test]
    public async Task A_file_that_is_too_large_leaves_the_version_before_it(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("BareHook");
        using (var large = File.Create(chat.Drop("BareHook", "large.bin")))
            large.SetLength((64 * 1024 * 1024) + 1);

        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> X"));
        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Error: Not loaded, version 1 stays in place: BareHook.dll: large.bin is larger than 64 MiB, which is as "
                + "much as a plugin's file may have. Keep its data elsewhere."));
        File.Delete(chat.Drop("BareHook", "large.bin"));
        await chat.RescanAsync();
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [TestCase(".BareHook.json.swp")]
    [TestCase("BareHook.json~")]
    [TestCase("download.part")]
    [TestCase("upload.tmp")]
    public async Task What_editors_and_downloads_leave_for_a_moment_is_no_part_of_a_plugin(
        string name, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("BareHook");

        await chat.SaveAsync($"BareHook/{name}", "a part");

        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(1));
    }

    [Test]
    public async Task A_folder_everybody_may_write_to_is_warned_of_once(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(chat.Drop(), File.GetUnixFileMode(chat.Drop()) | UnixFileMode.OtherWrite);

        await chat.StartAsync();
        await chat.RescanAsync();

        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            $"Warning: Everyone on this machine may write to {chat.Drop()}, and so decide what this server runs. Take "
                + "that right away: chmod o-w"));
    }

    [Test]
    public async Task A_folder_only_its_owner_may_write_to_is_not_warned_of(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                chat.Drop(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await chat.StartAsync();

        Assert.That(chat.Log.Lines.All, Has.None.StartsWith("Warning: Everyone"));
    }
}
