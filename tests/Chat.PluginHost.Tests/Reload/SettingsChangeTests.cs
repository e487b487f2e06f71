using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Reload;

[CancelAfter(30000)]
public sealed class SettingsChangeTests
{
    private const string Script = """
        var word = Settings["word"] ?? "none";
        OnSettings(settings =>
        {
            word = settings["word"] is { } next && next != "bad"
                ? next
                : throw settings.Invalid("word", "is not a good word.");
        });
        OnMessage(m => Rewrite(word + " " + Settings["word"]));
        """;

    [Test]
    public async Task A_plugin_that_asks_for_it_takes_changed_settings_without_being_loaded_anew(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(Script, cancellationToken);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one one"));

        await chat.SaveAsync("say.json", """{ "word": "two" }""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two two"));
        Assert.That(Version(chat), Is.EqualTo(1));
        Assert.That(
            chat.Log.Lines.All, Has.One.EqualTo("Information: Plugin say has taken the changed settings in say.json."));
    }

    [Test]
    public async Task Settings_it_refuses_are_reported_by_their_place_and_those_before_stay_in_force(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(Script, cancellationToken);

        await chat.SaveAsync("say.json", "{\n  \"word\": \"bad\"\n}");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one one"));
        Assert.That(chat.Hooks, Does.Contain("say.json:2:11: word is not a good word."));
        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Error: Not loaded, version 1 stays in place: say.json:2:11: word is not a good word."));
    }

    [Test]
    public async Task After_a_refusal_the_next_save_is_tried_afresh(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(Script, cancellationToken);
        await chat.SaveAsync("say.json", """{ "word": "bad" }""");

        await chat.SaveAsync("say.json", """{ "word": "three" }""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> three three"));
        Assert.That((chat.Hooks.Contains("say.json", StringComparison.Ordinal), Version(chat)), Is.EqualTo((false, 1)));
    }

    [Test]
    public async Task Malformed_settings_never_reach_the_plugin(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync("""OnSettings(settings => Log.Info("told"));""", cancellationToken);

        await chat.SaveAsync("say.json", "{ oops }");

        Assert.That(chat.Hooks, Does.Contain("say.json:1:3: this is not valid JSON"));
        Assert.That(chat.Log.Lines.All, Has.None.Contain("told"));
    }

    [Test]
    public async Task What_fails_in_the_plugin_is_reported_with_its_line(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            "OnMessage(m => Pass);\nOnSettings(settings => throw new InvalidOperationException(\"deliberate\"));",
            cancellationToken);

        await chat.SaveAsync("say.json", """{ "word": "two" }""");

        Assert.That(chat.Hooks, Does.Contain(
            "say.json: say.csx does not take the changed settings: say.csx:2: InvalidOperationException: deliberate"));
    }

    [Test]
    public async Task Settings_that_come_later_and_go_again_are_a_change_too(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.SaveAsync(
            "say.csx", """OnSettings(settings => Log.Info($"told {settings["word"] ?? "nothing"}"));""");

        await chat.SaveAsync("say.json", """{ "word": "one" }""");
        File.Delete(chat.Drop("say.json"));
        await chat.RescanAsync();

        Assert.That(chat.Log.Lines.All, Does.Contain("Information: told one").And.Contain("Information: told nothing"));
        Assert.That(Version(chat), Is.EqualTo(1));
    }

    [Test]
    public async Task When_the_code_has_changed_as_well_the_plugin_is_loaded_anew(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(Script, cancellationToken);

        File.WriteAllText(chat.Drop("say.json"), """{ "word": "two" }""");
        await chat.SaveAsync("say.csx", $"{Script}\n// again");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two two"));
        Assert.That(Version(chat), Is.EqualTo(2));
    }

    [Test]
    public async Task While_changed_code_is_refused_the_old_version_does_not_get_settings_meant_for_the_new_one(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(Script, cancellationToken);
        await chat.SaveAsync("say.csx", "this is no script");

        await chat.SaveAsync("say.json", """{ "word": "two" }""");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one one"));
        Assert.That(chat.Hooks, Does.Contain("say.csx:1:"));
        await chat.SaveAsync("say.csx", Script);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> two two"));
    }

    [Test]
    public async Task A_script_that_loads_others_takes_changed_settings_too(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("_lib.csx"), "// nothing yet");
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.csx", $"#load \"_lib.csx\"\n{Script}");

        await chat.SaveAsync("say.json", """{ "word": "two" }""");
        Assert.That((await chat.TypeAsync("x"), Version(chat)), Is.EqualTo(("<ann> two two", 1)));
        await chat.SaveAsync("_lib.csx", "// a change");

        Assert.That(Version(chat), Is.EqualTo(2));
    }

    [Test]
    public async Task A_plugin_that_does_not_return_is_given_up_and_loaded_anew_at_the_next_change(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        using var release = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        using var shared = Shared.Put("settings-hang", new[] { inside, release });
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        chat.Options.HandOverTimeout = TimeSpan.FromSeconds(7);
        await chat.StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.csx", """
            OnSettings(settings =>
            {
                var shared = (ManualResetEventSlim[])AppDomain.CurrentDomain.GetData("settings-hang");
                shared[0].Set();
                shared[1].Wait();
            });
            OnMessage(m => Rewrite(Settings["word"]));
            """);

        var saving = chat.SaveAsync("say.json", """{ "word": "two" }""");
        await Task.Run(() => inside.Wait(cancellationToken), cancellationToken);
        await AdvanceUntilAsync(clock, saving, cancellationToken);
        Assert.That(chat.Hooks, Does.Contain(
            "say.json: say.csx has not taken the changed settings within 7 s. With the next change it is "
                + "loaded anew."));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));

        await chat.SaveAsync("say.json", """{ "word": "three" }""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> three"));
        Assert.That(Version(chat), Is.EqualTo(2));
        release.Set();
    }

    [Test]
    public async Task A_script_that_computes_while_it_takes_settings_is_stopped_and_asked_again_at_the_next_change(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.HandOverTimeout = TimeSpan.FromSeconds(1);
        await chat.StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.csx", """
            OnSettings(settings => { while (settings["word"] == "two") ; });
            OnMessage(m => Rewrite(Settings["word"]));
            """);

        await chat.SaveAsync("say.json", """{ "word": "two" }""");
        Assert.That(chat.Hooks, Does.Contain(
            "say.json: say.csx does not take the changed settings: say.csx:1: ScriptStoppedException: it ran longer "
                + "than its time budget and was stopped"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));

        await chat.SaveAsync("say.json", """{ "word": "three" }""");
        Assert.That((await chat.TypeAsync("x"), Version(chat)), Is.EqualTo(("<ann> three", 1)));
    }

    [Test]
    public async Task A_DLL_takes_changed_settings_too(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.dll", CompiledPlugin.Starting("say", """
            context.OnSettings(settings => { });
            context.OnMessage(m => Rewrite(context.Settings["word"]));
            """));

        await chat.SaveAsync("say.json", """{ "word": "two" }""");

        Assert.That((await chat.TypeAsync("x"), Version(chat)), Is.EqualTo(("<ann> two", 1)));
    }

    private static async Task<PluginChat> StartAsync(string script, CancellationToken cancellationToken)
    {
        var chat = await new PluginChat(cancellationToken).StartAsync();
        File.WriteAllText(chat.Drop("say.json"), """{ "word": "one" }""");
        await chat.SaveAsync("say.csx", script);
        return chat;
    }

    private static int Version(PluginChat chat) => chat.Plugins.Plugins.Single().Version;

    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Task task, CancellationToken cancellationToken)
    {
        // The wait may not have begun yet.
        while (!task.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(7));
            await Task.Yield();
        }

        await task;
    }
}
