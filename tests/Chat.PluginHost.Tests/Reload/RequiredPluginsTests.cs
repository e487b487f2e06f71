using Chat.PluginHost.Reload;
using Chat.Scenes.Clients;

namespace Chat.PluginHost.Tests.Reload;

[CancelAfter(60000)]
public sealed class RequiredPluginsTests
{
    private const string Guard =
        """OnSending(m => m.Text == "bad" ? Verdict.Deny("watch your words") : Verdict.Allow);""";

    [Test]
    public async Task G5_a_guard_of_the_last_run_that_cannot_be_loaded_keeps_everyone_silent_until_it_is(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartWithGuardAsync(cancellationToken);
        await using var restarted = await RestartAsync(chat, "this does not compile", cancellationToken);

        Assert.That(await chat.TypeAsync("x"), Does.Contain(
            "nobody can speak at the moment, because a plugin that checks messages is not running (words)"));
        Assert.That(chat.Server.Problems, Has.One.EqualTo("Nobody can speak until these plugins are loaded: words."));
        Assert.That(
            chat.Log.Lines.All, Has.One.StartsWith("Error: Nobody can speak until these plugins are loaded: words."));

        File.WriteAllText(chat.Drop("words.csx"), Guard);
        await restarted.RescanAsync(cancellationToken);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        Assert.That(await chat.TypeAsync("bad"), Does.Contain("watch your words"));
        Assert.That(chat.Server.Problems, Is.Empty);
    }

    [Test]
    public async Task G5_nobody_speaks_before_the_guard_is_there(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var required = new RequiredPlugins(chat.Server, ["words"], null, chat.Log.CreateLogger(""));

        required.Begin();
        Assert.That(await chat.TypeAsync("x"), Does.Contain("nobody can speak at the moment"));
        required.Check(["words"], ["words"]);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
    }

    [Test]
    public async Task G5_a_guard_that_was_removed_is_no_longer_required(CancellationToken cancellationToken)
    {
        await using var chat = await StartWithGuardAsync(cancellationToken);
        await using var restarted = await RestartAsync(chat, null, cancellationToken);

        Assert.That(await chat.TypeAsync("bad"), Is.EqualTo("<ann> bad"));
    }

    [Test]
    public async Task G5_an_operator_may_choose_to_go_without(CancellationToken cancellationToken)
    {
        await using var chat = await StartWithGuardAsync(cancellationToken);
        chat.Options.GuardsAreRequired = false;
        await using var restarted = await RestartAsync(chat, "this does not compile", cancellationToken);

        Assert.That(await chat.TypeAsync("bad"), Is.EqualTo("<ann> bad"));
    }

    [Test]
    public async Task G5_a_plugin_that_is_listed_as_required_must_be_there(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Required = ["Words"];
        await chat.StartAsync();
        Assert.That(await chat.TypeAsync("x"), Does.Contain("is not running (Words)"));

        await chat.SaveAsync("words.csx", "OnMessage(m => Pass);");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        File.Delete(chat.Drop("words.csx"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("x"), Does.Contain("is not running (Words)"));
    }

    [Test]
    public async Task G5_a_guard_whose_new_version_cannot_be_loaded_goes_on_guarding(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartWithGuardAsync(cancellationToken);

        await chat.SaveAsync("words.csx", "this does not compile");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        Assert.That(await chat.TypeAsync("bad"), Does.Contain("watch your words"));
    }

    [Test]
    [Platform("Linux")]
    public void G5_a_list_of_guards_that_cannot_be_written_is_remembered_and_logged()
    {
        using var folder = new TemporaryFolder();
        using var log = new CollectingLog();
        var file = Path.Combine(folder.Path, "_guards.txt");
        File.CreateSymbolicLink($"{file}.new", "/dev/full");
        var guards = new GuardList(file, log.CreateLogger(""));

        guards.Set(["words"]);

        Assert.That(guards.Ids, Is.EqualTo(new[] { "words" }));
        Assert.That(log.Lines.All, Has.One.Contains("which lists the plugins that check messages, cannot be written"));
        guards.Set(["words", "more"]);
        Assert.That(new GuardList(file, log.CreateLogger("")).Ids, Is.EqualTo(new[] { "more", "words" }));
    }

    private static async Task<PluginChat> StartWithGuardAsync(CancellationToken cancellationToken)
    {
        var chat = new PluginChat(cancellationToken);
        chat.Options.StoreFolder = Path.Combine(chat.Options.ShadowFolder, "../store");
        await chat.StartAsync();
        await chat.SaveAsync("words.csx", Guard);
        return chat;
    }

    private static async Task<PluginDirectory> RestartAsync(
        PluginChat chat, string? script, CancellationToken cancellationToken)
    {
        await chat.Plugins.DisposeAsync();
        File.Delete(chat.Drop("words.csx"));
        if (script is not null)
            File.WriteAllText(chat.Drop("words.csx"), script);
        var restarted = new PluginDirectory(chat.Server, chat.Options);
        await restarted.StartAsync(cancellationToken);
        return restarted;
    }
}
