namespace Chat.PluginHost.Tests.Storage;

[CancelAfter(30000)]
public sealed class PluginStoreTests
{
    private const string Counting = """
        Command("count", "", "", call =>
        {
            var count = int.Parse(Store.Get("count") ?? "0") + 1;
            Store.Set("count", $"{count}");
            return Reply($"{count}");
        });
        """;

    [Test]
    public async Task What_a_plugin_keeps_outlives_its_versions_and_the_host(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.StoreFolder = Path.Combine(chat.Options.ShadowFolder, "../store");
        await chat.StartAsync();
        await chat.SaveAsync("count.csx", Counting);
        Assert.That(await chat.TypeAsync("/count"), Is.EqualTo("1"));
        await chat.SaveAsync("count.csx", $"{Counting}\n// again");
        Assert.That(await chat.TypeAsync("/count"), Is.EqualTo("2"));

        await chat.Plugins.DisposeAsync();
        await using var restarted = new PluginDirectory(chat.Server, chat.Options);
        await restarted.StartAsync(cancellationToken);

        Assert.That(await chat.TypeAsync("/count"), Is.EqualTo("3"));
        Assert.That(File.ReadAllText(Path.Combine(chat.Options.StoreFolder, "count.json")), Is.EqualTo(
            "{\n  \"count\": \"3\"\n}"));
    }

    [TestCase("""Store.Set("last", m.Text);""")]
    [TestCase(
        """try { Store.Set("last", m.Text); } catch (Exception e) { throw new InvalidOperationException("not """
            + """kept", e); }""")]
    [Platform("Linux")]
    public async Task G8_a_disk_that_is_full_for_a_moment_does_not_disable_the_hook_that_writes(
        string set, CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.StoreFolder =
            Directory.CreateDirectory(Path.Combine(chat.Options.ShadowFolder, "../store")).FullName;
        await chat.StartAsync();
        await chat.SaveAsync("keep.csx", $"OnMessage(m => {{ {set} return Rewrite(\"kept\"); }});");

        for (var time = 0; time < 10; time++)
        {
            File.CreateSymbolicLink(Path.Combine(chat.Options.StoreFolder, "keep.json.new"), "/dev/full");
            Assert.That(await chat.TypeAsync($"{time}"), Is.EqualTo($"<ann> {time}"));
        }

        Assert.That(await chat.TypeAsync("space again"), Is.EqualTo("<ann> kept"));
    }

    [Test]
    public async Task Without_a_folder_it_outlives_the_versions(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("count.csx", Counting);
        Assert.That(await chat.TypeAsync("/count"), Is.EqualTo("1"));

        await chat.SaveAsync("count.csx", $"{Counting}\n// again");
        await chat.RetiredAsync();

        Assert.That(await chat.TypeAsync("/count"), Is.EqualTo("2"));
    }

    [Test]
    public async Task What_cleaning_up_keeps_is_kept_when_the_plugin_is_removed_and_not_when_it_is_replaced(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var members = """
            IPluginContext _context;
            public void Dispose()
            {
                try { _context.Store.Set("by", "old"); _context.Log.Info("kept"); }
                catch (ObjectDisposedException exception) { _context.Log.Info(exception.Message); }
            }
            """;
        var start =
            """_context = context; context.Command("by", "", "", call => Reply(context.Store.Get("by") """
                + """?? "nobody"));""";
        await chat.SaveAsync("last.dll", CompiledPlugin.Starting("last", start, members, ", IDisposable"));

        await chat.SaveAsync("last.dll", CompiledPlugin.Starting(
            "last", $"{start} context.OnMessage(m => Pass);", members, ", IDisposable"));
        await chat.Log.WaitForAsync(
            "This version of the plugin has been removed, and its store is closed.", cancellationToken);
        Assert.That(await chat.TypeAsync("/by"), Is.EqualTo("nobody"));
        File.Delete(chat.Drop("last.dll"));
        await chat.RescanAsync();
        await chat.RetiredAsync();

        await chat.SaveAsync("last.dll", CompiledPlugin.Starting("last", start, members, ", IDisposable"));
        Assert.That(await chat.TypeAsync("/by"), Is.EqualTo("old"));
    }
}
