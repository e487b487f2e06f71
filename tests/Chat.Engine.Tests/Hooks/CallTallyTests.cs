using Chat.Engine.Hooks;
using Chat.Engine.Isolation.Targets;
using Chat.Testing;

namespace Chat.Engine.Tests.Hooks;

[CancelAfter(30000)]
public sealed class CallTallyTests
{
    [Test]
    public void What_was_counted_is_told_once()
    {
        CallStatistics[] hooks = [new(), new(), new()];
        var tally = new CallTally();
        tally.Begin(hooks);
        tally.Called(0);
        tally.Called(2);
        tally.Called(2);

        tally.Flush();
        tally.Flush();

        Assert.That(hooks.Select(hook => hook.Calls), Is.EqualTo(new[] { 1, 0, 2 }));
    }

    [Test]
    public void Calls_of_hooks_that_are_exchanged_are_told_to_the_old_ones()
    {
        CallStatistics[] old = [new()], next = [new(), new()];
        var tally = new CallTally();
        tally.Begin(old);
        tally.Called(0);

        tally.Begin(next);
        tally.Called(1);
        tally.Flush();

        Assert.That(old.Concat(next).Select(hook => hook.Calls), Is.EqualTo(new[] { 1, 0, 1 }));
    }

    [Test]
    public async Task Every_call_of_a_flood_is_known_once_its_sender_pauses(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.AddHook("all", _ => Chat.Hooks.HookResult.Pass), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync(string.Join('\n', Enumerable.Range(1, 500)));
        await clients[1].ExpectAsync("<ann> 500");

        // Its sender's loop comes to rest a moment after the line is out.
        string figures;
        do
        {
            await clients[1].SendLineAsync("/hooks all");
            figures = string.Join('\n', await clients[1].PingAsync());
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (!figures.Contains("500", StringComparison.Ordinal));
        Assert.That(figures, Does.Match(@"calls +500\b"));
    }
}
