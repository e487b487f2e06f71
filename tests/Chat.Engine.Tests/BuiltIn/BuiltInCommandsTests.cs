using Chat.Hooks;
using Chat.Testing;

namespace Chat.Engine.Tests.BuiltIn;

[CancelAfter(10000)]
public sealed class BuiltInCommandsTests
{
    [TestCase("/nick anna", "*** ann is now anna")]
    [TestCase("/nick ANN", "*** ann is now ANN")]
    [TestCase("/nick x", "*** ann is now x")]
    [TestCase("/nick abcdefghijklmnopqrstuvwx", "*** ann is now abcdefghijklmnopqrstuvwx")]
    [TestCase("/nick", "You are ann. To change that: /nick NICK")]
    [TestCase("/nick ann", "You are ann already.")]
    [TestCase("/nick abcdefghijklmnopqrstuvwxy", "A nick has 1 to 24 characters; this one has 25.")]
    [TestCase("/nick two words", "A nick may hold letters, digits and signs, but no blanks or invisible characters.")]
    [TestCase("/nick bob", "Somebody here is called bob already.")]
    [TestCase("/nick BOB", "Somebody here is called BOB already.")]
    [TestCase("/leave", "*** ann left lobby|You are in no room now. /join lobby takes you back.")]
    [TestCase("/leave LOBBY", "*** ann left lobby|You are in no room now. /join lobby takes you back.")]
    [TestCase("/leave tea", "You are not in tea.")]
    [TestCase("/join", "Which room? /join ROOM; /rooms lists the rooms, and a new name opens a new one.")]
    [TestCase("/join tea", "[tea] *** ann joined tea")]
    [TestCase("/join #tea", "[tea] *** ann joined tea")]
    [TestCase("/join lobby", "What you type goes to lobby now.")]
    [TestCase(
        "/join two words", "A room's name may hold letters, digits and signs, but no blanks or invisible characters.")]
    [TestCase("/join #", "A room's name has 1 to 64 characters; this one has 0.")]
    [TestCase("/rooms", "Rooms:|  lobby  2  (you speak here)")]
    [TestCase("/who", "In lobby (2): ann, bob")]
    [TestCase("/who #LOBBY", "In lobby (2): ann, bob")]
    [TestCase("/who tea", "Nobody is in tea.")]
    [TestCase("/say hello", "<ann> hello")]
    [TestCase("//hello", "<ann> /hello")]
    [TestCase("/me waves", "* ann waves")]
    [TestCase("/me", "What do you do? /me ACTION")]
    [TestCase("/msg bob psst", "[ann -> bob] psst")]
    [TestCase("/msg BOB psst", "[ann -> bob] psst")]
    [TestCase("/msg ann myself", "[ann -> ann] myself")]
    [TestCase("/msg bob", "To whom, and what? /msg NICK TEXT")]
    [TestCase("/msg bbo hi", "Nobody here is called bbo. Did you mean bob?")]
    [TestCase("/msg zzzzzz hi", "Nobody here is called zzzzzz.")]
    [TestCase("/help nick", "/nick NICK  changes your nick")]
    [TestCase("/help /nick", "/nick NICK  changes your nick")]
    [TestCase("/help nik", "There is no command /nik. Did you mean /nick? Type /help for a list.")]
    [TestCase("/jion tea", "There is no command /jion. Did you mean /join? Type /help for a list.")]
    [TestCase("/xyzzy", "There is no command /xyzzy. Type /help for a list.")]
    [TestCase("/", "There is no command /. Type /help for a list.")]
    [TestCase("/hooks", "No hooks: lines are sent as they are typed.")]
    [TestCase("/ping", "pong")]
    public async Task A_command_answers(string command, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync(command);

        Assert.That(await clients[0].PingAsync(), Is.EqualTo(answer.Split('|')));
    }

    [TestCase("/nick anna", "*** ann is now anna")]
    [TestCase("/leave", "*** ann left lobby")]
    [TestCase("/me waves", "* ann waves")]
    [TestCase("/quit", "*** ann left lobby (quit)")]
    [TestCase("/quit good night", "*** ann left lobby (quit)")]
    [TestCase("/msg bob psst", "[ann -> bob] psst")]
    public async Task Others_see_what_concerns_them(string command, string seen, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync(command);

        Assert.That(await clients[1].ReadLineAsync(), Is.EqualTo(seen));
    }

    [TestCase("/who")]
    [TestCase("/msg bob psst")]
    [TestCase("/join tea")]
    [TestCase("/nick bob")]
    [TestCase("/nonsense")]
    public async Task Others_see_nothing_of_what_does_not(string command, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob", "carl");

        await clients[0].SendLineAsync(command);
        await clients[0].PingAsync();

        Assert.That(await clients[2].PingAsync(), Is.Empty);
    }

    [Test]
    public async Task Help_lists_every_command_and_says_how_to_begin_with_a_slash(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/help");
        var lines = await ann.PingAsync();

        Assert.That(lines[0], Is.EqualTo("Commands:"));
        Assert.That(
            lines.Skip(1).SkipLast(1).Select(line => line.Trim().Split(' ')[0]),
            Is.EqualTo(
                new[]
                {
                    "/help", "/hooks", "/join", "/leave", "/me", "/msg", "/nick", "/operator", "/ping", "/quit",
                    "/rooms", "/say", "/who", "/why",
                }));
        Assert.That(lines[^1], Does.Contain("//text"));
    }

    [Test]
    public async Task Quitting_says_goodbye_and_closes(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/quit");

        Assert.That(await ann.ReadToEndAsync(), Is.EqualTo(new[] { "Goodbye, ann." }));
    }

    [Test]
    public async Task What_is_said_goes_to_the_room_joined_last_and_is_marked_there(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("/join tea");
        await clients[0].PingAsync();

        await clients[0].SendLineAsync("in tea");
        await clients[0].SendLineAsync("/leave");
        await clients[0].SendLineAsync("in lobby");

        Assert.That(
            await clients[0].PingAsync(),
            Is.EqualTo(
                new[]
                {
                    "[tea] <ann> in tea", "[tea] *** ann left tea", "What you type goes to lobby now.",
                    "<ann> in lobby",
                }));
        Assert.That(await clients[1].PingAsync(), Is.EqualTo(new[] { "<ann> in lobby" }));
    }

    [Test]
    public async Task A_rename_is_seen_once_in_each_of_the_rooms(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("/join tea");
        await clients[0].PingAsync();

        await clients[0].SendLineAsync("/nick anna");

        Assert.That(
            await clients[0].PingAsync(), Is.EqualTo(new[] { "*** ann is now anna", "[tea] *** ann is now anna" }));
        Assert.That(await clients[1].PingAsync(), Is.EqualTo(new[] { "*** ann is now anna" }));
    }

    [Test]
    public async Task In_no_room_one_can_whisper_and_rename_but_not_speak(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("/leave");
        await clients[0].PingAsync();

        foreach (var line in new[] { "hello", "/nick anna", "/msg bob psst", "/leave", "/who" })
            await clients[0].SendLineAsync(line);

        Assert.That(await clients[0].PingAsync(), Is.EqualTo(new[]
        {
            "Not sent: you are in no room. Type /join lobby", "You are anna now.",
            "[anna -> bob] psst", "You are in no room.",
            "You are in no room. /who ROOM asks about another.",
        }));
    }

    [Test]
    public async Task One_can_be_in_so_many_rooms_and_no_more(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(options => options.MaxRoomsPerClient = 2, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        foreach (var line in new[] { "/join a", "/join b", "/leave a", "/join b" })
            await ann.SendLineAsync(line);

        Assert.That(await ann.PingAsync(), Is.EqualTo(new[]
        {
            "[a] *** ann joined a",
            "You are in 2 rooms, which is as many as one may be in. /leave one first.",
            "[a] *** ann left a",
            "What you type goes to lobby now.", "[b] *** ann joined b",
        }));
    }

    [Test]
    public async Task Two_spellings_of_one_name_are_one_nick(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var clients = await chat.EnterAllAsync("zoë", "bob");

        await clients[1].SendLineAsync("/nick zoe\u0308");

        Assert.That(await clients[1].PingAsync(), Is.EqualTo(new[] { "Somebody here is called zoë already." }));
    }

    [Test]
    public async Task Hooks_lists_them_in_their_order_with_what_is_wrong(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options =>
                options.Add(
                    (IMessageHook)new ThrowingHook("oh no"),
                    "broken",
                    new HookOptions { OnFailure = FailurePolicy.Disable }).Add(
                (IMessageHook)new CollectingHook(), "fine", new HookOptions { Band = HookBand.First, Rooms = ["tea"] }),
            cancellationToken);
        chat.Server.ReportProblem("bad.csx", "bad.csx: line 3 is wrong");
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("hello");

        await ann.SendLineAsync("/hooks");
        var lines = (await ann.PingAsync()).Skip(1).ToList();

        Assert.That(lines, Has.Count.EqualTo(6));
        Assert.That(lines[1], Does.Match(@"order\s+file\s+calls\s+p50\s+p99\s+faults\s+in flight\s+state"));
        Assert.That(
            lines[2],
            Does.Match(@"1\.\s+hook\s+fine\s+first 100\s+fine\.dll\s+0\s+-\s+-\s+0\s+0\s+active; only in tea"));
        Assert.That(
            lines[3],
            Does.Match(
                @"2\.\s+hook\s+broken\s+normal 100\s+broken\.dll\s+1\s.*\s0\s+DISABLED since .*"
                + "failed 1×, last: .*oh no"));
        Assert.That(lines[5].Trim(), Is.EqualTo("bad.csx: line 3 is wrong"));
    }
}
