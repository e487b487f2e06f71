using Chat.Backplane;
using Chat.Engine.Backplane;
using Chat.Testing;

namespace Chat.Engine.Tests.Backplane;

public sealed class LocalBackplaneTests : BackplaneContract
{
    [Test]
    public async Task An_event_has_been_delivered_when_publishing_returns(CancellationToken cancellationToken)
    {
        await using var backplane = Create();
        var count = 0;
        await backplane.StartAsync(_ => count++, cancellationToken);

        await backplane.PublishAsync(Some.Said(), cancellationToken);

        Assert.That(count, Is.EqualTo(1));
    }

    protected override IBackplane Create() => new LocalBackplane();
}
