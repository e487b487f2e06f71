using Chat.Scenes.Clients;

namespace Chat.Extensibility.Tests;

/// <summary>Another protocol, on a listener beside that of the text protocol.</summary>
[CancelAfter(10000)]
public sealed class JsonLinesTests
{
    [Test]
    public async Task People_on_two_protocols_are_in_one_room(CancellationToken cancellationToken)
    {
        await using var chat = await JsonChat.StartAsync(cancellationToken);
        var bob = await chat.Text.EnterAsync("bob");
        var ann = chat.Connect();

        await ann.SendLineAsync("""{"nick":"ann"}""");
        await bob.ExpectAsync("ann joined");
        await ann.SendLineAsync("""{"do":"me","text":"waves"}""");
        await bob.ExpectAsync("* ann waves");
        await bob.SendLineAsync("hello");

        await ann.ExpectAsync("""{"welcome":"ann"}""");
        var said = await ann.ExpectAsync("\"said\":\"hello\"");
        Assert.That(said, Does.Contain("""
            "emote":false,"from":"bob"
            """).And.Contain("\"room\":\"lobby\""));
    }

    [Test]
    public async Task It_answers_before_anybody_is_known_and_nobody_sees_that(CancellationToken cancellationToken)
    {
        await using var chat = await JsonChat.StartAsync(cancellationToken);
        var bob = await chat.Text.EnterAsync("bob");
        var unknown = chat.Connect();

        await unknown.SendLineAsync("""{"echo":[1,2]}""");
        await unknown.ExpectAsync("""{"echo":[1,2]}""");
        await unknown.SendLineAsync("""{"do":"say","text":"hello"}""");
        await unknown.ExpectAsync("""{"refused":"NotSignedIn","subject":"say"}""");
        unknown.Reset();

        Assert.That(await bob.PingAsync(), Is.Empty);
    }

    [Test]
    public async Task A_nick_that_is_taken_can_be_followed_by_another(CancellationToken cancellationToken)
    {
        await using var chat = await JsonChat.StartAsync(cancellationToken);
        await chat.Text.EnterAsync("ann");
        var second = chat.Connect();

        await second.SendLineAsync("""{"nick":"ANN"}""");
        await second.ExpectAsync("""{"refused":"NickTaken","subject":"ANN"}""");
        await second.SendLineAsync("""{"nick":"a b"}""");
        await second.ExpectAsync("InvalidNick");
        await second.SendLineAsync("""{"nick":"anna"}""");

        await second.ExpectAsync("""{"welcome":"anna"}""");
    }

    [Test]
    public async Task A_line_holds_several_commands_and_each_names_its_room(CancellationToken cancellationToken)
    {
        await using var chat = await JsonChat.StartAsync(cancellationToken);
        var ann = chat.Connect();

        string[] requests =
        [
            """{"nick":"ann"}""",
            """{"do":"join","text":"tea"}""",
            """{"do":"say","text":"here","room":"lobby"}""",
            """{"do":"say","text":"there"}""",
            """{"do":"say","text":"nowhere","room":"attic"}""",
        ];
        await ann.SendLineAsync($"[{string.Join(",", requests)}]");

        Assert.That(await ann.ExpectAsync("\"said\":\"here\""), Does.Contain("\"room\":\"lobby\""));
        Assert.That(await ann.ExpectAsync("\"said\":\"there\""), Does.Contain("\"room\":\"tea\""));
        await ann.ExpectAsync("""{"refused":"NotInRoom","subject":"attic"}""");
    }

    [Test]
    public async Task Who_breaks_its_rules_is_disconnected_and_the_log_says_why(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await JsonChat.StartAsync(cancellationToken, options => options.LoggerFactory = log);
        var ann = chat.Connect();

        await ann.SendLineAsync("hello");

        await log.WaitForAsync("sent a line that is no JSON", cancellationToken);
    }

    /// <summary>A backspace is no editing key here: JSON may not hold one at all.</summary>
    [Test]
    public async Task Editing_keys_belong_to_the_text_protocol(CancellationToken cancellationToken)
    {
        await using var chat = await JsonChat.StartAsync(cancellationToken);
        var ann = chat.Connect();

        await ann.SendLineAsync("{\"nick\":\"ann\"}");
        await ann.ExpectAsync("welcome");
        await ann.SendLineAsync("{\"do\":\"say\",\"text\":\"ab\u007fc\"}");

        await ann.ExpectAsync("\"said\":\"abc\"");
    }
}
