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
}
