using Chat.PluginHost.Swapping;

namespace Chat.PluginHost.Tests.Swapping;

[CancelAfter(30000)]
public sealed class PluginSettingsTests
{
    private const string Script = """OnMessage(m => Rewrite(Settings["word"] ?? "none"));""";

    [Test]
    public async Task The_settings_beside_a_plugin_are_read_and_an_edit_reloads_it(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("10-say.csx", Script);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));

        await chat.SaveAsync("say.json", """{ "word": "two" }""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two"));
    }

    [Test]
    public async Task Settings_that_come_later_or_go_reload_the_plugin(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync("say.csx", Script);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> none"));

        await chat.SaveAsync("say.json", """{ "word": "one" }""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));
        File.Delete(chat.Drop("say.json"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> none"));
    }

    [TestCase("say.json")]
    [TestCase("say/say.json")]
    public async Task Settings_in_the_drop_folder_go_before_those_of_a_bundled_plugin(string name, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Bundled("say.csx"), Script);
        File.WriteAllText(chat.Bundled("say.json"), """{ "word": "bundled" }""");
        await chat.RescanAsync();
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> bundled"));

        Directory.CreateDirectory(chat.Drop("say"));
        await chat.SaveAsync(name, """{ "word": "dropped" }""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> dropped"));
    }

    [Test]
    public async Task Malformed_settings_are_reported_by_line_and_column_and_the_old_version_stays(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.csx", Script);

        await chat.SaveAsync("say.json", "{\n  \"word\": \"two\",\n    oops\n}");

        Assert.That(chat.Hooks, Does.Contain("say.json:3:5: this is not valid JSON: "));
        Assert.That(chat.Log.Lines.All, Has.One.StartWith("Error: Not loaded, version 1 stays in place: say.json:3:5: "));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));
        await chat.SaveAsync("say.json", """{ "word": "three" }""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> three"));
    }

    [TestCase("[1, 2]", "say.json:1:1: settings are a JSON object")]
    [TestCase("", "say.json:1:1: this is not valid JSON: ")]
    [TestCase("""{ "word": "\ud800" }""", "say.json")]
    public async Task Settings_that_are_no_object_of_text_are_reported_and_other_plugins_go_on(string json, string problem, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), json);
        await chat.SaveAsync("say.csx", Script);

        await chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite("still here"));""");

        Assert.That(chat.Hooks, Does.Contain(problem));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> still here"));
    }

    [TestCase("word", "text")]
    [TestCase("WORD", "text")]
    [TestCase("number", "1.50")]
    [TestCase("yes", "true")]
    [TestCase("limits:perMinute", "3")]
    [TestCase("words:1", "b")]
    [TestCase("nothing", null)]
    [TestCase("missing", null)]
    [TestCase("words", null)]
    public void A_value_is_text_whatever_it_is_in_JSON(string key, string? value) => Assert.That(Read()[key], Is.EqualTo(value));

    [Test]
    public void A_list_is_its_elements_and_of_what_is_no_list_empty() =>
        Assert.That((Read().List("words"), Read().List("word"), Read().List("missing")), Is.EqualTo((new[] { "a", "b" }, Array.Empty<string>(), Array.Empty<string>())));

    private static PluginSettings Read()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                {
                  // a comment
                  "word": "text", "number": 1.50, "yes": true, "nothing": null,
                  "limits": { "perMinute": 3 },
                  "words": ["a", "b"],
                }
                """);
            return PluginSettings.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
