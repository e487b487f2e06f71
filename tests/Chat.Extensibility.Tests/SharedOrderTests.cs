using Chat.Events;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Extensibility.Tests;

/// <summary>Two servers on one backplane are one chat.</summary>
[CancelAfter(20000)]
public sealed class SharedOrderTests
{
    private SharedOrder _order = null!;
    private TestChat _east = null!;
    private TestChat _west = null!;

    [SetUp]
    public async Task StartAsync()
    {
        var cancellationToken = TestContext.CurrentContext.CancellationToken;
        _order = new SharedOrder();
        _east = await TestChat.StartAsync(options => options.Backplane = _order.Connect("east"), cancellationToken);
        _west = await TestChat.StartAsync(options => options.Backplane = _order.Connect("west"), cancellationToken);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _order.Release();
        await _east.DisposeAsync();
        await _west.DisposeAsync();
        _order.Dispose();
    }

    [Test]
    public async Task People_on_two_servers_see_each_other_come_talk_and_go()
    {
        var ann = await _east.EnterAsync("ann");
        var bob = await _west.EnterAsync("bob");

        await ann.ExpectAsync("is now bob");
        await bob.SendLineAsync("hello east");
        await ann.ExpectAsync("<bob> hello east");
        await ann.SendLineAsync("hello west");
        await bob.ExpectAsync("<ann> hello west");
        await bob.SendLineAsync("/who");
        await bob.ExpectAsync("ann, bob");
        await ann.CloseAsync();

        await bob.ExpectAsync("ann left lobby");
        await bob.SendLineAsync("/who");
        Assert.That(await bob.ExpectAsync("bob"), Does.Not.Contain("ann"));
    }

    [Test]
    public async Task A_room_with_members_on_another_server_alone_is_listed()
    {
        var ann = await _east.EnterAsync("ann");
        var bob = await _west.EnterAsync("bob");
        await ann.SendLineAsync("/join tea");
        await ann.ExpectAsync("joined tea");

        await bob.SendLineAsync("/who tea");
        await bob.ExpectAsync("ann");
        await ann.SendLineAsync("/leave tea");
        await ann.ExpectAsync("What you type goes to lobby now.");
        await bob.SendLineAsync("/rooms");
        await bob.PingAsync();

        Assert.That(bob.Seen, Has.None.Contains("tea (0)"));
        Assert.That(_west.Server.Room("tea"), Is.Not.Null);
    }

    [Test]
    public async Task A_nick_belongs_to_one_person_on_all_servers()
    {
        await _east.EnterAsync("ann");
        var bob = await _west.EnterAsync("bob");

        await bob.SendLineAsync("/nick ANN");

        await bob.ExpectAsync("is called ANN already");
    }

    [Test]
    public async Task A_nick_that_is_given_up_is_free_on_all_servers()
    {
        var ann = await _east.EnterAsync("ann");
        var bob = await _west.EnterAsync("bob");
        await ann.SendLineAsync("/nick anna");
        await bob.ExpectAsync("ann is now anna");
        await ann.PingAsync();

        await bob.SendLineAsync("/nick ann");

        await bob.ExpectAsync("bob is now ann");
    }

    [Test]
    public async Task Of_all_that_claim_a_nick_at_the_same_time_one_gets_it()
    {
        var clients = new List<TestClient>();
        for (var number = 0; number < 8; number++)
            clients.Add(await (number % 2 == 0 ? _east : _west).EnterAsync($"p{number}"));
        await Task.WhenAll(clients.Select(client => client.PingAsync().AsTask()));
        _order.Hold();
        foreach (var client in clients)
            await client.SendLineAsync("/nick ann");
        _order.Release();

        var answers = await Task.WhenAll(clients.Select(async client =>
        {
            await client.PingAsync();
            return client.Seen.Count(line => line.Contains("is called ann already", StringComparison.Ordinal));
        }));

        Assert.That(answers.Sum(), Is.EqualTo(clients.Count - 1));
    }

    [Test]
    public async Task A_whisper_reaches_its_recipient_on_another_server()
    {
        var ann = await _east.EnterAsync("ann");
        var bob = await _west.EnterAsync("bob");

        await ann.SendLineAsync("/msg bob psst");

        await bob.ExpectAsync("psst");
        await ann.ExpectAsync("psst");
    }

    [Test]
    public async Task Who_whispers_to_somebody_who_reads_nothing_on_another_server_is_told(
        CancellationToken cancellationToken)
    {
        await using var small = await TestChat.StartAsync(
            options => (options.Backplane, options.MaxUnreadReplies) = (_order.Connect("small"), 8),
            cancellationToken,
            capacity: 64);
        var ann = await _east.EnterAsync("ann");
        var bob = await small.EnterAsync("bob");
        await ann.ExpectAsync("is now bob");

        for (var line = 0; line < 40; line++)
            await ann.SendLineAsync($"/msg bob {new string('x', 60)} {line}");

        Assert.That(await ann.ExpectAsync("unread"), Does.Contain("bob"));
        bob.Reset();
    }

    [Test]
    public async Task Everyone_sees_the_same_lines_in_the_same_order()
    {
        const int Lines = 50;
        TestChat[] servers = [_east, _west, _east, _west];
        var clients = new List<TestClient>();
        foreach (var server in servers)
            clients.Add(await server.EnterAsync($"p{clients.Count}"));

        await Task.WhenAll(clients.Select(async client =>
        {
            for (var line = 0; line < Lines; line++)
                await client.SendLineAsync($"line {line}");
        }));
        var seen = await Task.WhenAll(clients.Select(async client =>
        {
            List<string> lines = [];
            while (lines.Count < Lines * clients.Count)
            {
                if (await client.ReadLineAsync() is { } line && line.Contains("> line ", StringComparison.Ordinal))
                    lines.Add(line[line.IndexOf('<', StringComparison.Ordinal)..]);
            }

            return lines;
        }));

        Assert.That(seen, Is.All.EqualTo(seen[0]));
    }

    [Test]
    public async Task Who_goes_while_joining_does_not_stay_in_the_room(CancellationToken cancellationToken)
    {
        var ann = await _east.EnterAsync("ann");
        var bob = await _west.EnterAsync("bob");
        await ann.ExpectAsync("is now bob");
        await bob.PingAsync();
        _order.Hold();
        await bob.SendLineAsync("/join tea");
        await _order.Published.WaitForAsync(each => each is Joined { Room: "tea" }, cancellationToken);
        bob.Reset();
        _west.Server.Tell("bob", "are you there?");
        await _order.Published.WaitForAsync(each => each is Left { Room: "lobby" }, cancellationToken);
        _order.Release();

        await ann.ExpectAsync("bob left lobby");
        await _order.Delivered.WaitForAsync(each => each is Left { Room: "tea" }, cancellationToken);
        await ann.SendLineAsync("/who tea");

        await ann.ExpectAsync("Nobody is in tea");
    }

    [Test]
    public async Task The_name_of_the_server_is_part_of_each_sessions_id(CancellationToken cancellationToken)
    {
        var joins = new Collected<RoomEvent>();
        var events = _west.Server.Room("lobby").ReadAsync();
        var reading = Task.Run(
            async () =>
            {
                await foreach (var each in events)
                    joins.Add(each);
            },
            cancellationToken);
        await _west.EnterAsync("bob");

        await _east.EnterAsync("ann");

        var joined = (Joined)await joins.WaitForAsync(
            each => each is Joined { Sender.SessionId: "east-c1" }, cancellationToken);
        Assert.That(joined.Room, Is.EqualTo("lobby"));
        await _west.DisposeAsync();
        await reading;
    }
}
