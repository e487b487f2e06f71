using Chat.Engine.Hooks;
using Chat.Engine.Isolation;
using Chat.Engine.Registrations;
using Chat.Events;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Engine.Tests.Isolation;

/// <summary>Plugins that answer each other come to an end.</summary>
[CancelAfter(30000)]
public sealed class CausalDepthTests
{
    private readonly CollectingLog _log = new();
    private ChatServer? _server;

    [Test]
    public async Task Two_observers_that_answer_each_other_are_cut_off_at_depth_eight(
        CancellationToken cancellationToken)
    {
        var ping = Observer("ping", "pong");
        var pong = Observer("pong", "ping");
        await using var chat = await TestChat.StartAsync(
            options => { options.LoggerFactory = _log; options.Add(ping).Add(pong); }, cancellationToken);
        _server = chat.Server;
        var ann = await chat.EnterAsync("ann");

        await chat.Server.SayAsync("lobby", "host", "start", cause: "pong", cancellationToken);
        await _log.WaitForAsync("Plugins answer each other without end", cancellationToken);

        // The opening line is one deep already.
        Assert.That((await ann.PingAsync()).Count(line => line.StartsWith('<')), Is.EqualTo(CausalDepth.Limit));
    }

    [Test]
    public async Task Hooks_that_speak_from_within_themselves_are_cut_off_too(CancellationToken cancellationToken)
    {
        var left = Hook("left");
        var right = Hook("right");
        await using var chat = await TestChat.StartAsync(
            options => { options.LoggerFactory = _log; options.Add(left).Add(right); }, cancellationToken);
        _server = chat.Server;
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("start");
        await ann.ExpectAsync("<ann> start");

        await _log.WaitForAsync("Plugins answer each other without end", cancellationToken);
        await ann.SendLineAsync("/ping");
        await ann.ExpectAsync("pong");
    }

    [Test]
    public async Task A_hook_sees_how_deep_a_line_is(CancellationToken cancellationToken)
    {
        var hook = new CollectingHook();
        var registration = new Registration("sees", "sees.dll");
        registration.Add((IMessageHook)hook, new HookOptions { Origins = MessageOrigins.Any });
        await using var chat = await TestChat.StartAsync(options => options.Add(registration), cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("mine");
        await ann.PingAsync();
        await chat.Server.SayAsync("lobby", "robot", "its", cause: "robot", cancellationToken);

        Assert.That(
            hook.Messages.All.Select(message => (message.Text, message.Depth)),
            Is.EqualTo(new[] { ("mine", 0), ("its", 1) }));
    }

    private Registration Observer(string owner, string answer)
    {
        var registration = new Registration(owner, $"{owner}.csx");
        registration.Add(async happened =>
        {
            if (happened is Said)
                await _server!.SayAsync("lobby", owner, answer, owner);
        });
        return registration;
    }

    private Registration Hook(string owner)
    {
        var registration = new Registration(owner, $"{owner}.csx");
        registration.Add(
            new DelegateHook(async message =>
            {
                await _server!.SayAsync("lobby", owner, "again", owner);
                return HookResult.Pass;
            }),
            new HookOptions { Origins = MessageOrigins.Client | MessageOrigins.Hook });
        return registration;
    }
}
