using Chat.Engine;
using Chat.Testing;

namespace Chat.Scenes.Tests;

/// <summary>Scenes, played from end to end.</summary>
[CancelAfter(120_000)]
public sealed class SceneTests
{
    [Test]
    public async Task Who_types_what_and_who_sees_what_is_played_against_the_scripts_of_the_folder(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("shout.csx", PlayedScene.Shout);

        await scene.PlayAsync(
            """
            ann comes
            bob comes
            ann says hello!
            ann sees <ann> HELLO!
            bob sees <ann> HELLO!
            bob sees nothing
            bob says quietly
            ann sees <bob> quietly
            """,
            cancellationToken);
    }

    [Test]
    public async Task Another_line_than_expected_fails_with_both_and_with_all_that_everybody_saw_and_with_why(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("10-shout.csx", PlayedScene.Shout);

        var failure = await scene.FailAsync(
            """
            ann comes
            bob says fine
            ann sees <bob> fine
            bob says hello!
            ann sees <bob> hello!
            """,
            cancellationToken);

        Assert.That(failure, Does.StartWith("""
            x.scene.txt:5: ann should have seen
              <bob> hello!
            but saw
              <bob> HELLO!

            Lines seen: + as expected, - skipped, > wrong, ? not asked for yet
            ann saw
              - Welcome to Chat. You are guest1, in room lobby with nobody else yet. Type /help for commands.
              - *** guest1 joined lobby
              - *** guest1 is now ann
              - *** guest2 joined lobby
              - *** guest2 is now bob
              + <bob> fine
              > <bob> HELLO!
            bob saw
              - Welcome to Chat. You are guest2, in room lobby with 1 other. Type /help for commands.
              - *** guest2 joined lobby
              - *** guest2 is now bob
              ? <bob> fine
              ? <bob> HELLO!

            Line 2, bob in lobby, 00:00:00: hello!
            """));
        Assert.That(failure, Does.Match(@"\n  1 +hook +shout.* rewrite\w* +HELLO!\nSent: HELLO!$"));
    }

    [Test]
    public async Task It_is_the_wrong_line_that_is_explained_not_one_said_after_it(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("judge.csx", """OnSending(m => m.Text == "bad" ? Deny("Not sent: bad.") : Allow);""");

        var failure = await scene.FailAsync("ann says bad\nann says good\nann sees <ann> bad\n", cancellationToken);

        Assert.That(
            failure,
            Does.Contain("\nLine 1, ann in lobby, 00:00:00: bad\n").And.EndWith("\nRefused by judge: Not sent: bad."));
    }

    [TestCase("OnMessage(m => { while (true) ; });", TestName = "A_hook_that_goes_round_and_round_is_named")]
    [TestCase(
        "OnMessage(async m => { await Task.Yield(); while (true) ; });",
        TestName = "A_hook_that_goes_round_and_round_behind_an_await_is_named")]
    [TestCase(
        "OnMessage(async m => { await Task.Delay(-1); return Pass; });",
        TestName = "A_hook_that_never_answers_is_named")]
    public async Task A_hook_that_does_not_come_back_is_named(string script)
    {
        using var scene = new PlayedScene();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        scene.Folder.Save("busy.csx", script);

        var failure = await scene.FailAsync(
            "bob comes\nann says x\nbob sees ... <ann> x\n",
            giveUp.Token,
            options => options.Patience = TimeSpan.FromSeconds(2));

        Assert.That(
            failure,
            Does.Contain("and then nothing more came within 2 s.").Or.Contain("but nothing more came within 2 s."));
        Assert.That(
            failure,
            Does.Contain("\nLine 1, ann in lobby, 00:00:00: x\n").And.Match(
                @"\n  1  hook  busy v1 .*timed out|\n  1  hook  busy v1 .*failed"));
        Assert.That(failure, Does.Contain("\nThe log says\n").And.Contain("Hook busy (busy.csx) failed: "));
    }

    [TestCase(
        "OnOutcome(o => { while (o.Message.Text == \"x\") ; return default; });", "Observer busy (busy.csx) failed: ")]
    [TestCase("OnMessage(m => { while (m.Text == \"x\") ; return Pass; });", "Hook busy (busy.csx) failed: ")]
    public async Task Nobody_sees_nothing_while_something_of_a_plugin_does_not_come_back(string script, string problem)
    {
        using var scene = new PlayedScene();
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        scene.Folder.Save("busy.csx", script);

        var failure = await scene.FailAsync(
            "ann comes\nann says x\nann sees nothing\n",
            giveUp.Token,
            options => options.Patience = TimeSpan.FromSeconds(2));

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt:3: ann should have seen nothing\nbut a call of a plugin did not return within 2 s, so "
                    + "more may come."));
        Assert.That(failure, Does.Contain("\nThe log says\n").And.Contain(problem));
    }

    [Test]
    public async Task Where_nobody_has_said_anything_the_hooks_are_listed(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("shout.csx", PlayedScene.Shout);

        var failure = await scene.FailAsync("ann says /hello\nann sees hello\n", cancellationToken);

        Assert.That(
            failure, Does.Contain("Each line goes through these hooks, in this order:\n").And.Contain("shout.csx"));
    }

    [Test]
    public async Task A_line_in_between_is_not_what_is_seen_next(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        var failure = await scene.FailAsync("ann says one\nann says two\nann sees <ann> two\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt:3: ann should have seen\n  <ann> two\nbut saw\n  <ann> one\nThat line came later. To "
                    + "read on until it comes: ann sees ... TEXT\n"));
    }

    [Test]
    public async Task Three_dots_read_on_until_a_line_comes_and_what_follows_in_a_block_comes_right_after_it(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        const string Typed = "ann says\n| one\n| two\n| three\n| four\n";

        await scene.PlayAsync($"{Typed}ann sees ... <ann> two\nann sees <ann> three\n", cancellationToken);
        await scene.PlayAsync(
            $"{Typed}ann sees ...\n| <ann> two\n| <ann> three\nann sees <ann> four\n", cancellationToken);
        var failure = await scene.FailAsync($"{Typed}ann sees ...\n| <ann> two\n| <ann> four\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt:6: ann should have seen, sooner or later,\n  <ann> two\n  <ann> four\nbut saw\n  <ann> "
                    + "two\n  <ann> three\n"));
    }

    [Test]
    public async Task A_line_that_does_not_come_fails_when_patience_ends(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        var failure = await scene.FailAsync(
            "ann comes\nann sees <bob> hi\n", cancellationToken, options => options.Patience = TimeSpan.FromSeconds(2));

        Assert.That(
            failure,
            Does.StartWith("x.scene.txt:2: ann should have seen\n  <bob> hi\nbut nothing more came within 2 s.\n"));
    }

    [Test]
    public async Task Nothing_is_to_be_seen_only_where_nothing_comes(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        var failure = await scene.FailAsync(
            "ann comes\nann sees nothing\nbob says hi\nann sees nothing\n", cancellationToken);

        Assert.That(failure, Does.StartWith("x.scene.txt:4: ann should have seen nothing\nbut saw\n  <bob> hi\n"));
    }

    [Test]
    public async Task Coming_and_going_and_new_nicks_are_passed_over_unless_they_are_asked_for(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        await scene.PlayAsync(
            """
            ann comes
            bob comes
            bob says /nick Rob
            bob leaves
            ann sees nothing
            eve says hi
            ann sees <eve> hi
            eve says /nick Eva
            ann sees *** eve is now Eva
            eve leaves
            ann sees *** Eva left lobby
            eve comes
            ann sees *** * joined lobby
            """,
            cancellationToken);
    }

    [Test]
    public async Task Replies_of_several_lines_are_seen_as_a_block_with_their_blanks(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("list.csx", """Command("list", "", "", call => Reply("List:\n  one\n  two"));""");

        await scene.PlayAsync(
            "ann says /list\nann sees\n| List:\n|   one\n|   t*\nann sees nothing\n", cancellationToken);
        var failure = await scene.FailAsync("ann says /list\nann sees\n| List:\n| one\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith("x.scene.txt:2: ann should have seen\n  List:\n  one\nbut saw\n  List:\n    one\n"));
    }

    [Test]
    public async Task Who_comes_sees_what_plugins_say_to_them_and_who_just_speaks_does_not_have_to(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("greeter.csx", """
            OnEvent(async e =>
            {
                await Task.Yield();
                if (e is Joined joined)
                    await TellAsync(joined.Nick, $"Hello {joined.Nick}!");
            });
            """);

        await scene.PlayAsync(
            """
            ann comes
            ann sees Hello guest1!
            ann sees nothing
            bob says hi
            bob sees <bob> hi
            ann sees <bob> hi
            ann says /join garden
            ann sees Hello ann!
            """,
            cancellationToken);
    }

    [Test]
    public async Task Nothing_is_seen_only_once_observers_have_had_their_say(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("echo.csx", """
            OnOutcome(async o =>
            {
                for (var i = 0; i < 50; i++)
                    await Task.Yield();
                await TellAsync(o.Message.Nick, "heard " + o.Message.Text);
            });
            """);

        var failure = await scene.FailAsync(
            "ann says a\nann sees <ann> a\nann sees nothing\n",
            cancellationToken,
            options => options.QuietTime = TimeSpan.Zero);

        Assert.That(failure, Does.StartWith("x.scene.txt:3: ann should have seen nothing\nbut saw\n  heard a\n"));
    }

    [Test]
    public async Task Who_leaves_is_gone_and_may_come_again(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        await scene.PlayAsync(
            "ann comes\nbob comes\nann says bye\nann leaves\nbob sees <ann> bye\nbob sees *** ann left lobby\nann "
                + "sees <ann> bye\nann comes\nbob says hi\nann sees <bob> hi\n",
            cancellationToken);
        var twice = await scene.FailAsync("ann comes\nann comes\n", cancellationToken);
        var nobody = await scene.FailAsync("ann comes\nbob sees hi\n", cancellationToken);
        var ended = await scene.FailAsync("ann says /quit\nann sees Goodbye, ann.\nann sees more\n", cancellationToken);
        var taken = await scene.FailAsync("ann says /nick bob\nbob comes\n", cancellationToken);

        Assert.Multiple(() =>
        {
            Assert.That(twice, Does.StartWith("x.scene.txt:2: ann is here already."));
            Assert.That(
                nobody,
                Does.StartWith(
                    "x.scene.txt:2: bob is not here. Write \"bob comes\" before it, or let bob say something."));
            Assert.That(
                ended, Does.StartWith("x.scene.txt:3: ann should have seen\n  more\nbut the connection has ended."));
            Assert.That(
                taken,
                Does.StartWith("x.scene.txt:2: bob could not take that nick: Somebody here is called bob already."));
        });
    }

    [Test]
    public async Task The_clock_stands_still_until_the_scene_moves_it_and_then_each_timer_fires_at_its_time(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("tick.csx", """
            Every(TimeSpan.FromMinutes(1), async () =>
            {
                await Task.Yield();
                await AnnounceAsync("lobby", $"It is {Clock.GetUtcNow():HH:mm:ss}.");
            });
            Every(TimeSpan.FromSeconds(90), () => AnnounceAsync("lobby", "and a half"));
            """);

        await scene.PlayAsync(
            """
            clock: 2030-12-31 22:59
            ann comes
            ann sees nothing
            after 59 s
            ann sees nothing
            after 1 s
            ann sees *** It is 23:00:00.
            ann sees nothing
            after 2 minutes
            ann sees
            | *** and a half
            | *** It is 23:01:00.
            ann sees ... *** It is 23:02:00.
            """,
            cancellationToken);
    }

    [Test]
    public async Task A_timer_that_works_asynchronously_misses_no_call_when_much_time_passes(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("count.csx", """
            var count = 0;
            Every(TimeSpan.FromMinutes(1), async () =>
            {
                for (var i = 0; i < 200; i++)
                    await Task.Yield();
                await AnnounceAsync("lobby", $"{++count}");
            });
            """);

        await scene.PlayAsync("ann comes\nafter 1 hour\nann sees ... *** 60\nann sees nothing\n", cancellationToken);
    }

    [Test]
    public async Task Time_that_would_fire_timers_without_end_is_refused(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("fast.csx", "Every(TimeSpan.FromMilliseconds(10), () => default);");

        var failure = await scene.FailAsync("after 400 days\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt:1: timers of plugins would fire more than 20000 times until then. Let less time pass."));
    }

    [Test]
    public async Task A_script_edited_in_the_middle_of_a_scene_takes_effect_at_once_and_the_users_folder_stays_as_it_is(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("shout.csx", PlayedScene.Shout);
        scene.Folder.Save("_words.csx", """var word = "first";""");
        scene.Folder.Save("says.csx", "#load \"_words.csx\"\nCommand(\"word\", \"\", \"\", call => Reply(word));");

        await scene.PlayAsync(
            """
            ann says hi!
            ann sees <ann> HI!
            file shout.csx is
            | OnMessage(m => Rewrite(m.Text + "?"));
            ann says hi!
            ann sees <ann> hi!?
            file _words.csx is var word = "second";
            ann says /word
            ann sees second
            file shout.csx is gone
            ann says hi!
            ann sees <ann> hi!
            """,
            cancellationToken);

        Assert.That(scene.Folder.Files, Is.EqualTo(new[] { "_words.csx", "says.csx", "shout.csx" }));
        Assert.That(File.ReadAllText(scene.Folder.File("shout.csx")), Is.EqualTo(PlayedScene.Shout));
    }

    [Test]
    public async Task Settings_files_can_be_given_and_changed(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save(
            "greet.csx", """Command("greet", "", "", call => Reply(Settings["text"] ?? "nothing to say"));""");

        await scene.PlayAsync(
            """
            ann says /greet
            ann sees nothing to say
            file greet.json is { "text": "good day" }
            ann says /greet
            ann sees good day
            """,
            cancellationToken);
    }

    [Test]
    public async Task A_script_that_does_not_compile_fails_the_scene_with_its_place(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("shout.csx", "OnMessage(m => Pass) oops");

        var failure = await scene.FailAsync("ann says hi\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith("x.scene.txt: a plugin cannot be loaded:\n  shout.csx:1:22: error CS1002: ; expected"));
    }

    [Test]
    public async Task A_script_that_is_broken_in_the_middle_of_a_scene_fails_it_there(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        var failure = await scene.FailAsync(
            "ann says hi\nfile shout.csx is OnMessage(m => Pass) oops\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt:2: a plugin cannot be loaded any more:\n  shout.csx:1:22: error CS1002: ; expected\n"));
    }

    [Test]
    public async Task Only_the_plugins_that_are_named_are_loaded(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        using var bundled = new TemporaryFolder();
        scene.Folder.Save("10-shout.csx", PlayedScene.Shout);
        scene.Folder.Save("broken.csx", "oops");
        scene.Folder.Save("greet.json", """{ "text": "good day" }""");
        bundled.Save("greet.csx", """Command("greet", "", "", call => Reply(Settings["text"] ?? "nothing to say"));""");

        await scene.PlayAsync(
            "plugins: shout\nann says hi!\nann sees <ann> HI!\nann says /greet\nann sees There is no command "
                + "/greet.*\n",
            cancellationToken,
            Configure);
        await scene.PlayAsync(
            "plugins: 10-shout.csx, greet.csx\nann says hi!\nann sees <ann> HI!\nann says /greet\nann sees good day\n",
            cancellationToken,
            Configure);
        await scene.PlayAsync("plugins: none\nann says hi!\nann sees <ann> hi!\n", cancellationToken, Configure);
        var failure = await scene.FailAsync("# note\nplugins: shuot\nann says hi\n", cancellationToken, Configure);

        Assert.That(
            failure,
            Is.EqualTo(
                $"x.scene.txt:2: there is no plugin shuot in {scene.Folder.FullPath} or {bundled.FullPath}. There "
                    + "are: broken, greet, shout."));

        void Configure(SceneOptions options) => options.BundledPlugins = bundled.FullPath;
    }

    [Test]
    public async Task Settings_of_the_server_are_those_of_its_configuration(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("shout.csx", PlayedScene.Shout);

        await scene.PlayAsync(
            "setting: Hooks:shout:Enabled=false\nann says hi!\nann sees <ann> hi!\n", cancellationToken);
        await scene.PlayAsync(
            "setting: hooks:shout:rooms:0=tea\nann says hi!\nann sees <ann> hi!\nann says /join tea\nann says "
                + "hi!\nann sees [tea] <ann> HI!\n",
            cancellationToken);
        await scene.PlayAsync(
            "setting: Chat:MaxMessageBytes=3\nann says four\nann sees Not sent: *\n", cancellationToken);
        await scene.PlayAsync(
            "ann says four\nann sees Not sent: *\n",
            cancellationToken,
            options => options.Server = () => new ChatServerOptions { MaxMessageBytes = 3 });
    }

    [TestCase("Hooks:shout:Enabled=flase", "1: Hooks:shout:Enabled cannot be 'flase'. It is true or false.")]
    [TestCase("Hooks:shout:Bnad=Last", "1: there is no setting Hooks:shout:Bnad. Did you mean Hooks:shout:Band?")]
    [TestCase(
        "Hooks:shout:Band=Foo", "1: Hooks:shout:Band cannot be 'Foo'. It is one of First, Early, Normal, Late, Last.")]
    [TestCase(
        "Chat:HookTimeBudget=x",
        "1: Chat:HookTimeBudget cannot be 'x'. It is a time, written hh:mm:ss; 00:00:10 is ten seconds.")]
    [TestCase("Chat:MaxLagLines=many", "1: Chat:MaxLagLines cannot be 'many'. It is a whole number.")]
    [TestCase("Listen:Tcp:0=x", "1: a scene cannot set Listen:Tcp:0, only Chat:NAME and Hooks:ID:NAME.")]
    [TestCase(
        "Chat:MaxLagLines=0", " a setting of the server is wrong: MaxLagLines must be from 1 to 32767, but is 0.")]
    public async Task A_setting_that_is_wrong_is_refused_by_name(
        string setting, string problem, CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        var failure = await scene.FailAsync($"setting: {setting}\nann comes\n", cancellationToken);

        Assert.That(failure, Is.EqualTo($"x.scene.txt:{problem}"));
    }

    [Test]
    public async Task What_cannot_be_understood_fails_the_scene_with_every_place(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();

        var failure = await scene.FailAsync("ann sez hi\nafter lunch\n", cancellationToken);

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt:1: I do not understand \"ann sez hi\".")
                .And.Contain("\nx.scene.txt:2: \"lunch\" is not a time to wait."));
    }

    [Test]
    public async Task What_the_log_warns_of_is_told_with_a_failure(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("bad.csx", """OnMessage(m => throw new Exception("deliberate"));""");

        var failure = await scene.FailAsync("ann says hi\nann sees <ann> HI\n", cancellationToken);

        Assert.That(failure, Does.Contain("\nThe log says\n").And.Contain("bad.csx:1: Exception: deliberate"));
    }

    [Test]
    public async Task A_scene_lies_beside_its_scripts_unless_a_folder_is_named(CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("shout.csx", PlayedScene.Shout);
        var file = scene.Folder.Save("shout.scene.txt", "ann says hi!\nann sees <ann> HI!\n");

        await Scene.Load(file).PlayAsync(cancellationToken: cancellationToken);
        var failure = Assert.ThrowsAsync<SceneFailedException>(
            () => Scene.Load(file).PlayAsync(
                new SceneOptions { Plugins = scene.Folder.File("nowhere") }, cancellationToken));

        Assert.That(
            failure!.Message,
            Is.EqualTo($"shout.scene.txt: there is no plugin folder {scene.Folder.File("nowhere")}."));
        Assert.That(scene.Folder.Files, Is.EqualTo(new[] { "shout.csx", "shout.scene.txt" }));
    }

    [Test]
    public void Scenes_are_found_in_a_folder_and_below_and_called_by_their_path_in_it()
    {
        using var folder = new TemporaryFolder();
        folder.Save("b.scene.txt", "");
        folder.Save("below/a.scene.txt", "not understood");
        folder.Save("readme.txt", "");

        var scenes = Scene.Find(folder.FullPath);

        Assert.That(scenes.Select(scene => $"{scene}"), Is.EqualTo(new[] { "b.scene.txt", "below/a.scene.txt" }));
        Assert.That(() => Scene.Find(folder.File("nowhere")), Throws.InstanceOf<DirectoryNotFoundException>());
    }

    [Test]
    public async Task A_scene_can_be_played_against_a_server_that_runs_already(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.AddHook("shout", m => Chat.Hooks.HookResult.Rewrite(m.Text.ToUpperInvariant())),
            cancellationToken);
        using var scene = new PlayedScene();

        await scene.PlayAsync(
            "ann says hi\nbob comes\nann says hi\nbob sees <ann> HI\nbob sees nothing\n", cancellationToken, Configure);
        var clock = await scene.FailAsync("after 5 minutes\n", cancellationToken, Configure);
        var file = await scene.FailAsync("file a.csx is x\n", cancellationToken, Configure);
        var head = await scene.FailAsync("plugins: none\neve comes\n", cancellationToken, Configure);

        Assert.Multiple(() =>
        {
            Assert.That(
                clock, Does.StartWith("x.scene.txt:1: the clock of a server that is already running cannot be moved."));
            Assert.That(
                file,
                Does.StartWith(
                    "x.scene.txt:1: the plugin folder of a server that is already running cannot be changed."));
            Assert.That(
                head, Does.StartWith("x.scene.txt: plugins:, setting: and clock: need a server of the scene's own"));
        });

        void Configure(SceneOptions options) => options.Connect = _ => new(
            chat.Listener.Open(cancellationToken).ClientSide);
    }

    [Test]
    public async Task A_plugin_that_does_not_finish_starting_is_given_up_although_the_clock_stands_still(
        CancellationToken cancellationToken)
    {
        using var scene = new PlayedScene();
        scene.Folder.Save("slow.csx", "await Task.Delay(Timeout.Infinite, Stopping);");

        var failure = await scene.FailAsync(
            "ann comes\n", cancellationToken, options => options.Patience = TimeSpan.FromMilliseconds(500));

        Assert.That(
            failure,
            Does.StartWith(
                "x.scene.txt: a plugin cannot be loaded:\n  slow.csx: it did not finish starting within 5 s."));
    }
}
