namespace Chat.PluginHost.Tests;

[CancelAfter(30000)]
public sealed class PluginOrderTests
{
    [Test]
    public async Task The_prefix_of_a_scripts_name_is_its_order_and_not_part_of_its_id(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        File.WriteAllText(chat.Drop("20-apple.csx"), """OnMessage(m => Rewrite(m.Text + "a"));""");
        File.WriteAllText(chat.Drop("10-pear.csx"), """OnMessage(m => Rewrite(m.Text + "p"));""");

        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("-"), Is.EqualTo("<ann> -pa"));
        Assert.That(chat.Ids, Is.EqualTo(new[] { "apple", "pear" }));
    }

    [Test]
    public async Task Renaming_a_script_changes_its_order(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        File.WriteAllText(chat.Drop("20-apple.csx"), """OnMessage(m => Rewrite(m.Text + "a"));""");
        File.WriteAllText(chat.Drop("10-pear.csx"), """OnMessage(m => Rewrite(m.Text + "p"));""");
        await chat.StartAsync();

        File.Move(chat.Drop("20-apple.csx"), chat.Drop("5-apple.csx"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("-"), Is.EqualTo("<ann> -ap"));
    }

    [Test]
    public async Task Of_two_files_with_one_id_the_second_is_refused_until_it_is_renamed(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        File.WriteAllText(chat.Drop("10-pear.csx"), """OnMessage(m => Rewrite(m.Text + "1"));""");
        File.WriteAllText(chat.Drop("20-pear.csx"), """OnMessage(m => Rewrite(m.Text + "2"));""");
        await chat.StartAsync();
        var refused = "20-pear.csx: the id 'pear' is taken by 10-pear.csx. Rename one of them.";
        Assert.That(await chat.TypeAsync("-"), Is.EqualTo("<ann> -1"));
        Assert.That(chat.Hooks, Does.Contain(refused));
        Assert.That(chat.Log.Lines.All, Has.One.Contain(refused));

        File.Move(chat.Drop("20-pear.csx"), chat.Drop("20-apple.csx"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("-"), Is.EqualTo("<ann> -12"));
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [TestCase("_lib.csx")]
    [TestCase(".hidden.csx")]
    [TestCase("notes.txt")]
    public async Task What_is_not_named_like_a_plugin_is_none(string name, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync(name, """OnMessage(m => Rewrite("seen"));""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [Test]
    public async Task A_folder_without_its_DLL_is_reported_until_it_is_mended(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var dll = File.ReadAllBytes(Path.Combine(RepositoryFiles.TestPlugin("BareHook"), "BareHook.dll"));

        await chat.SaveAsync("Shouting/BareHook.dll", dll);
        Assert.That(chat.Hooks, Does.Contain("Shouting: this folder has no Shouting.dll."));
        Assert.That(chat.Log.Lines.All, Has.One.Contain("Not loaded: Shouting: this folder has no Shouting.dll."));
        Directory.Move(chat.Drop("Shouting"), chat.Drop("BareHook"));
        await chat.RescanAsync();

        Assert.That(chat.Hooks, Does.Not.Contain("Shouting"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> X"));
    }
}
