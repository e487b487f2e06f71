using System.Text;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Settings;

namespace Chat.PluginHost.Tests.Settings;

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
    public async Task Settings_in_the_drop_folder_go_before_those_of_a_bundled_plugin(
        string name, CancellationToken cancellationToken)
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
    public async Task Malformed_settings_are_reported_by_line_and_column_and_the_old_version_stays(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.csx", Script);

        await chat.SaveAsync("say.json", "{\n  \"word\": \"two\",\n    oops\n}");

        Assert.That(chat.Hooks, Does.Contain("say.json:3:5: this is not valid JSON: "));
        Assert.That(
            chat.Log.Lines.All, Has.One.StartWith("Error: Not loaded, version 1 stays in place: say.json:3:5: "));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));
        await chat.SaveAsync("say.json", """{ "word": "three" }""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> three"));
    }

    [TestCase("[1, 2]", "say.json:1:1: settings are a JSON object")]
    [TestCase("", "say.json:1:1: this is not valid JSON: ")]
    [TestCase("""{ "word": "\ud800" }""", "say.json")]
    public async Task Settings_that_are_no_object_of_text_are_reported_and_other_plugins_go_on(
        string json, string problem, CancellationToken cancellationToken)
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
    public void A_value_is_text_whatever_it_is_in_JSON(string key, string? value) =>
        Assert.That(Read()[key], Is.EqualTo(value));

    [Test]
    public void A_list_is_its_elements() =>
        Assert.That(
            (Read().List("words"), Read().List("missing")), Is.EqualTo((new[] { "a", "b" }, Array.Empty<string>())));

    [Test]
    public void What_is_no_list_is_not_taken_for_an_empty_one() =>
        Assert.That(
            () => Read().List("word"),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo(
                "say.json:3:11: word is \"text\", but must be a list, such as [\"one\", \"two\"]."));

    [TestCase("one", 1)]
    [TestCase("negative", -7)]
    [TestCase("text", 12)]
    [TestCase("nothing", 5)]
    [TestCase("missing", 5)]
    public void A_number_is_what_the_file_says_or_else_what_the_plugin_says(string key, int number) =>
        Assert.That(Numbers().Number(key, 5), Is.EqualTo(number));

    [TestCase("word", "say.json:2:11: word is \"x\", but must be a whole number from 1 to 100.")]
    [TestCase("limits:perMinute", "say.json:3:28: limits:perMinute is 101, but must be a whole number from 1 to 100.")]
    [TestCase("zero", "say.json:5:11: zero is 0, but must be a whole number from 1 to 100.")]
    [TestCase("half", "say.json:5:22: half is 1.5, but must be a whole number from 1 to 100.")]
    [TestCase("big", "say.json:5:34: big is 99999999999, but must be a whole number from 1 to 100.")]
    [TestCase("LIMITS", "say.json:3:13: LIMITS is an object, but must be a whole number from 1 to 100.")]
    [TestCase("list", "say.json:4:11: list is a list, but must be a whole number from 1 to 100.")]
    [TestCase("list:1", "say.json:4:17: list:1 is true, but must be a whole number from 1 to 100.")]
    public void What_is_no_number_in_its_range_is_refused_with_the_place_where_it_stands(string key, string problem) =>
        Assert.That(
            () => Wrong().Number(key, 5, 1, 100), Throws.InstanceOf<FormatException>().With.Message.EqualTo(problem));

    [TestCase("yes", true)]
    [TestCase("no", false)]
    [TestCase("said", true)]
    [TestCase("nothing", true)]
    [TestCase("missing", true)]
    public void A_flag_is_what_the_file_says_or_else_what_the_plugin_says(string key, bool flag) =>
        Assert.That(Flags().Flag(key, true), Is.EqualTo(flag));

    [TestCase("word", "say.json:2:11: word is \"x\", but must be true or false.")]
    [TestCase("zero", "say.json:5:11: zero is 0, but must be true or false.")]
    public void What_is_neither_true_nor_false_is_refused_with_its_place(string key, string problem) =>
        Assert.That(() => Wrong().Flag(key, true), Throws.InstanceOf<FormatException>().With.Message.EqualTo(problem));

    [TestCase("\"00:00:30\"", "00:00:30")]
    [TestCase("\"00:00:00.25\"", "00:00:00.25")]
    [TestCase("\"1.02:00:00\"", "1.02:00:00")]
    [TestCase("\"00:00:00\"", "00:00:00")]
    [TestCase("null", "00:01:00")]
    public void A_duration_is_written_with_hours_minutes_and_seconds(string json, string duration) =>
        Assert.That(
            Read($"{{ \"pause\": {json} }}").Duration("pause", TimeSpan.FromMinutes(1)),
            Is.EqualTo(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("5", "5")]
    [TestCase("\"5\"", "\"5\"")]
    [TestCase("\"05:00\"", "\"05:00\"")]
    [TestCase("\"-00:00:01\"", "\"-00:00:01\"")]
    [TestCase("\"soon\"", "\"soon\"")]
    [TestCase("\"25:00:00\"", "\"25:00:00\"")]
    [TestCase("[]", "a list")]
    public void What_is_no_duration_is_refused_with_its_place_never_taken_for_days(string json, string shown) =>
        Assert.That(
            () => Read($"{{ \"pause\": {json} }}").Duration("pause", TimeSpan.Zero),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo(
                $"say.json:1:12: pause is {shown}, but must be a length of time, written hh:mm:ss, such as "
                    + "\"00:00:30\"."));

    [TestCase("list:1", "say.json:4:17: list:1 is no word")]
    [TestCase("limits", "say.json:3:13: limits is no word")]
    [TestCase("list:7", "say.json: list:7 is no word")]
    public void What_a_plugin_cannot_use_it_refuses_with_the_place_or_with_the_file_when_it_is_not_there(
        string key, string problem) =>
        Assert.That(Wrong().Invalid(key, "is no word").Message, Is.EqualTo(problem));

    [Test]
    public void A_plugin_without_a_settings_file_names_the_one_there_could_be() =>
        Assert.That(PluginSettings.Read(null, "say.json").Invalid("words", "is missing.").Message, Is.EqualTo(
            "say.json: words is missing."));

    [Test]
    public void Columns_count_characters_and_lines_end_as_they_do_on_any_system() =>
        Assert.That(
            Read("{\r\n\t\"ü€😀\": \"x\"\r\n}").Invalid("ü€😀", "?").Message,
            Is.EqualTo("say.json:2:9: ü€😀 ?"));

    [Test]
    public void A_long_value_is_cut_in_the_message() =>
        Assert.That(
            () => Read($"{{ \"a\": \"{new string('x', 100)}\" }}").Number("a", 1),
            Throws.Exception.With.Message.StartsWith($"say.json:1:8: a is \"{new string('x', 38)}…, but"));

    [TestCase(
        "{\n  \"a\": 1,\n  \"A\": 2\n}",
        "say.json:3:3: A is set a second time; the first is at 2:8. Remove one of them.")]
    [TestCase(
        "{\n  \"a\": null,\n  \"a\": {}\n}",
        "say.json:3:3: a is set a second time; the first is at 2:8. Remove one of them.")]
    [TestCase(
        "{\n  \"a\": { \"b\": 1 },\n  \"a:b\": 2\n}",
        "say.json:3:3: a:b is set a second time; the first is at 2:15. Remove one of them.")]
    [TestCase(
        "{\n  \"a:0\": 1, \"a\": [2]\n}",
        "say.json:2:19: a:0 is set a second time; the first is at 2:10. Remove one of them.")]
    [TestCase("{ \"a\": \"ü\", \"b\": oops }", "say.json:1:18: this is not valid JSON: ")]
    [TestCase("{ \"a\": 1 } 2", "say.json:1:12: this is not valid JSON: ")]
    [TestCase("{\n  \"a\": \"\\ud800\"\n}", "say.json:2:8: this text is not valid Unicode")]
    [TestCase("{\n  \"\\ud800\": 1\n}", "say.json:2:3: this text is not valid Unicode")]
    public void A_file_that_can_be_read_in_no_way_or_in_two_is_refused_with_the_place(string json, string problem) =>
        Assert.That(() => Read(json), Throws.InstanceOf<PluginLoadException>().With.Message.StartsWith(problem));

    [Test]
    public void The_elements_of_a_list_are_text_whatever_they_are() =>
        Assert.That(Read("""{ "a": ["x", 1.50, null, true, { "b": [1] }, [ 2 ]] }""").List("a"), Is.EqualTo(
            new[] { "x", "1.50", "null", "true", """{ "b": [1] }""", "[ 2 ]" }));

    [Test]
    public async Task A_setting_a_script_cannot_use_is_reported_by_its_place_and_the_old_version_stays(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "limit": 7 }""");
        await chat.SaveAsync("say.csx", """
            var limit = Settings.Number("limit", 5, 1, 10);
            OnMessage(m => Rewrite($"{limit}"));
            """);

        await chat.SaveAsync("say.json", "{\n  \"limit\": 11\n}");

        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Error: Not loaded, version 1 stays in place: say.json:2:12: limit is 11, but must be a whole number from "
                + "1 to 10."));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> 7"));
        await chat.SaveAsync("say.json", """{ "limit": 10 }""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> 10"));
    }

    [Test]
    public async Task A_setting_a_DLL_cannot_use_is_reported_by_its_place(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "words": ["one", ""] }""");

        await chat.SaveAsync(
            "say.dll", CompiledPlugin.Starting("say", """throw context.Settings.Invalid("words:1", "is empty.");"""));

        Assert.That(chat.Log.Lines.All, Has.One.EqualTo("Error: Not loaded: say.json:1:20: words:1 is empty."));
    }

    [TestCase(
        "{\n  \"word\": \"caf\u00e9\"\n}",
        "say.json:2:15: the byte 0xE9 here is not valid UTF-8: the file was saved in another encoding, such as "
            + "Windows-1252. Save it as UTF-8.")]
    [TestCase("\u00e9", "say.json:1:1: the byte 0xE9 here is not valid UTF-8")]
    public void Settings_in_an_old_encoding_are_refused_with_the_place(string json, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "say.json");
        File.WriteAllText(file, json, Encoding.Latin1);

        Assert.That(
            () => PluginSettings.Read(file), Throws.InstanceOf<PluginLoadException>().With.Message.StartsWith(problem));
    }

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public void Settings_with_a_byte_order_mark_are_read(string encoding)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "say.json");
        File.WriteAllText(file, """{ "word": "café" }""", Encoding.GetEncoding(encoding));

        Assert.That(PluginSettings.Read(file)["word"], Is.EqualTo("café"));
    }

    private static PluginSettings Numbers() => Read("""{ "one": 1, "negative": -7, "text": "12", "nothing": null }""");

    private static PluginSettings Flags() => Read("""{ "yes": true, "no": false, "said": "True", "nothing": null }""");

    private static PluginSettings Wrong() => Read("""
        {
          "word": "x",
          "limits": { "perMinute": 101 },
          "list": ["a", true],
          "zero": 0, "half": 1.5, "big": 99999999999
        }
        """);

    private static PluginSettings Read() => Read("""
        {
          // a comment
          "word": "text", "number": 1.50, "yes": true, "nothing": null,
          "limits": { "perMinute": 3 },
          "words": ["a", "b"],
        }
        """);

    private static PluginSettings Read(string json)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "say.json");
        File.WriteAllText(file, json);
        return PluginSettings.Read(file);
    }
}
