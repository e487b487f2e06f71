namespace Chat.PluginHost.Tests;

/// <summary>The plugins and samples that come with the product do what they say.</summary>
[CancelAfter(30000)]
public sealed class FirstPartyTests
{
    [TestCase("hi :wave:", "<ann> hi 👋")]
    [TestCase(":WAVE: :smile:", "<ann> 👋 😄")]
    [TestCase(":no-such-code: at 10:30:45", "<ann> :no-such-code: at 10:30:45")]
    [TestCase("plain", "<ann> plain")]
    public async Task Emoji_makes_pictures_of_the_codes_it_knows(
        string line, string seen, CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.FirstPartyPlugin("Emoji"), chat.Bundled("Emoji"));
        await chat.StartAsync();

        Assert.That(await chat.TypeAsync(line), Is.EqualTo(seen));
        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"));
    }

    [TestCase("Oh HECK!", "Not sent: let us keep it friendly.")]
    [TestCase("darn", "Not sent: let us keep it friendly.")]
    [TestCase("all is checked and darned", "<ann> all is checked and darned")]
    public async Task WordGuard_refuses_whole_words_and_says_why(
        string line, string seen, CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.FirstPartyPlugin("WordGuard"), chat.Bundled("WordGuard"));
        await chat.StartAsync();

        Assert.That(await chat.TypeAsync(line), Is.EqualTo(seen));
    }

    [Test]
    public async Task WordGuard_takes_its_words_from_the_drop_folder_and_each_edit_of_them(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.FirstPartyPlugin("WordGuard"), chat.Bundled("WordGuard"));
        await chat.StartAsync();

        await chat.SaveAsync("WordGuard.json", """{ "words": ["cat"], "reason": "No cats." }""");
        Assert.That(await chat.TypeAsync("a cat"), Is.EqualTo("No cats."));
        Assert.That(await chat.TypeAsync("heck"), Is.EqualTo("<ann> heck"));
        await chat.SaveAsync("WordGuard.json", """{ "words": ["dog"] }""");

        Assert.That(await chat.TypeAsync("a cat"), Is.EqualTo("<ann> a cat"));
        Assert.That(await chat.TypeAsync("a dog"), Is.EqualTo("Not sent: one of these words is not welcome here."));
    }

    [Test]
    public async Task WordGuard_takes_other_words_without_being_loaded_anew(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.FirstPartyPlugin("WordGuard"), chat.Bundled("WordGuard"));
        await chat.StartAsync();

        await chat.SaveAsync("WordGuard.json", """{ "words": ["cat"] }""");

        Assert.That(await chat.TypeAsync("a cat"), Does.StartWith("Not sent"));
        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(1));
    }

    [TestCase("""{ "reason": "No." }""", "WordGuard.json: words must be a list of at least one word.")]
    [TestCase(
        """{ "words": "cat" }""",
        "WordGuard.json:1:12: words is \"cat\", but must be a list, such as [\"one\", \"two\"].")]
    [TestCase(
        "{\n  \"words\": [\"dog\", \"a cat\"]\n}",
        "WordGuard.json:2:20: words:1 is \"a cat\", but must be one word of letters and digits.")]
    public async Task WordGuard_says_which_of_its_words_it_cannot_use_and_keeps_the_old_ones(
        string json, string problem, CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.FirstPartyPlugin("WordGuard"), chat.Bundled("WordGuard"));
        await chat.StartAsync();

        await chat.SaveAsync("WordGuard.json", json);

        Assert.That(chat.Hooks, Does.Contain(problem));
        Assert.That(await chat.TypeAsync("heck"), Is.EqualTo("Not sent: let us keep it friendly."));
    }

    [Test]
    public async Task WordGuard_sees_the_final_text(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.FirstPartyPlugin("WordGuard"), chat.Bundled("WordGuard"));
        File.WriteAllText(
            chat.Drop("99-swear.csx"),
            """OnMessage(m => Rewrite("heck"), new HookOptions { Band = HookBand.Last });""");
        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("innocent"), Is.EqualTo("Not sent: let us keep it friendly."));
    }

    [TestCase("/roll", @"^\*\*\* ann rolls 1d6: [1-6]$")]
    [TestCase("/roll d1", @"^\*\*\* ann rolls 1d1: 1$")]
    [TestCase("/roll 3d1", @"^\*\*\* ann rolls 3d1: 1 \+ 1 \+ 1 = 3$")]
    [TestCase("/roll 2d1000", @"^\*\*\* ann rolls 2d1000: \d+ \+ \d+ = \d+$")]
    [TestCase("/roll 0d6", "^Roll 1 to 20 dice of 1 to 1000 sides, like this: /roll 2d6$")]
    [TestCase("/roll 21d6", "^Roll 1 to 20 dice")]
    [TestCase("/roll 1d1001", "^Roll 1 to 20 dice")]
    [TestCase("/roll x", "^Roll 1 to 20 dice")]
    [TestCase("/roll 1d६", "^Roll 1 to 20 dice|1d")]
    public async Task Dice_rolls(string line, string seen, CancellationToken cancellationToken)
    {
        await using var chat = await StartWithScriptAsync("plugins/dice.csx", cancellationToken);

        Assert.That(await chat.TypeAsync(line), Does.Match(seen));
        Assert.That(chat.Log.Lines.All, Has.None.Contain("failed"));
    }

    [Test]
    public async Task Greeter_says_hello_to_who_joins_and_to_nobody_else(CancellationToken cancellationToken)
    {
        await using var chat = await StartWithScriptAsync("plugins/greeter.csx", cancellationToken);
        var ann = await chat.Chat.EnterAsync("ann");

        var bob = chat.Chat.Connect();
        await bob.ExpectAsync("Hello guest2, welcome to lobby!");
        Assert.That(await ann.PingAsync(), Has.None.Contain("Hello"));

        await ann.SendLineAsync("/join garden");
        await ann.ExpectAsync("Hello ann, welcome to garden!");
    }

    [Test]
    public async Task The_sample_script_does_what_it_says(CancellationToken cancellationToken)
    {
        await using var chat = await StartWithScriptAsync("samples/hello.csx", cancellationToken);

        Assert.That(await chat.TypeAsync("hey!"), Is.EqualTo("<ann> HEY!"));
        Assert.That(await chat.TypeAsync("hey"), Is.EqualTo("<ann> hey"));
        Assert.That(await chat.TypeAsync(new string('x', 501)), Is.EqualTo("Not sent: shorter, please."));
        Assert.That(await chat.TypeAsync("/hello"), Is.EqualTo("*** ann says hello to everyone"));
        Assert.That(await chat.TypeAsync("/hello bob"), Is.EqualTo("*** ann says hello to bob"));
    }

    [Test]
    public async Task The_sample_scripts_timer_tells_the_time(CancellationToken cancellationToken)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.ServerClock = clock;
        File.Copy(RepositoryFiles.At("samples/hello.csx"), chat.Drop("hello.csx"));
        await chat.StartAsync();
        var ann = await chat.Chat.EnterAsync("ann");

        clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await ann.ExpectAsync("*** It is "), Does.Match(@"^\*\*\* It is \d\d:\d\d\.$"));
    }

    [Test]
    public async Task The_sample_plugin_does_what_it_says(CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        File.Copy(Path.Combine(RepositoryFiles.Sample("HelloPlugin"), "HelloPlugin.dll"), chat.Drop("HelloPlugin.dll"));
        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("hello"), Is.EqualTo("<ann> hello, world"));
        Assert.That(await chat.TypeAsync("/hello"), Is.EqualTo("Hello ann!"));
    }

    private static Task<PluginChat> StartWithScriptAsync(string script, CancellationToken cancellationToken)
    {
        var chat = new PluginChat(cancellationToken);
        File.Copy(RepositoryFiles.At(script), chat.Drop(Path.GetFileName(script)));
        return chat.StartAsync();
    }
}
