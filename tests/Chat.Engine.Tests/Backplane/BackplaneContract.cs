using Chat.Backplane;
using Chat.Events;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Engine.Tests.Backplane;

/// <summary>What every backplane does.</summary>
[CancelAfter(10000)]
public abstract class BackplaneContract
{
    protected abstract IBackplane Create();

    [Test]
    public async Task Every_event_comes_back_as_it_was_published(CancellationToken cancellationToken)
    {
        await using var backplane = Create();
        var delivered = new Collected<ChatEvent>();
        await backplane.StartAsync(delivered.Add, cancellationToken);
        ChatEvent[] events =
        [
            new Said("lobby", new("", "ann"), "hi") { Time = Some.Time, Cause = "plugin" },
            new Said("lobby", new("", "ann"), "waves") { Kind = MessageKind.Emote, Time = Some.Time },
            new Announced("lobby", "news") { Time = Some.Time },
        ];

        foreach (var roomEvent in events)
            await backplane.PublishAsync(roomEvent, cancellationToken);

        Assert.That(await delivered.WaitForAsync(events.Length, cancellationToken), Is.EqualTo(events));
    }

    [Test]
    public async Task What_one_publisher_publishes_keeps_its_order(CancellationToken cancellationToken)
    {
        const int Publishers = 4;
        const int Each = 200;
        await using var backplane = Create();
        var delivered = new Collected<ChatEvent>();
        await backplane.StartAsync(delivered.Add, cancellationToken);

        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(
            async () =>
            {
                for (var line = 0; line < Each; line++)
                    await backplane.PublishAsync(
                        new Said("lobby", new("", $"{publisher}"), $"{line}"), cancellationToken);
            },
            cancellationToken)));

        var all = await delivered.WaitForAsync(Publishers * Each, cancellationToken);
        var byNick = all.Cast<Said>().ToLookup(
            said => said.Nick, said => int.Parse(said.Text, System.Globalization.CultureInfo.InvariantCulture));
        Assert.That(byNick.ToList(), Has.Count.EqualTo(Publishers).And.All.EqualTo(Enumerable.Range(0, Each)));
    }

    [Test]
    public async Task Publishing_before_the_start_is_refused(CancellationToken cancellationToken)
    {
        await using var backplane = Create();

        Assert.That(
            async () => await backplane.PublishAsync(Some.Said(), cancellationToken), Throws.InvalidOperationException);
    }
}
