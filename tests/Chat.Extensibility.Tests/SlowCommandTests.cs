using Chat.Commands;
using Chat.Events;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Extensibility.Tests;

/// <summary>Commands of the application.</summary>
[CancelAfter(10000)]
public sealed class SlowCommandTests
{
    [Test]
    public async Task A_command_that_waits_a_second_and_then_throws_does_not_end_the_session(
        CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        using var called = new SemaphoreSlim(0);
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.Clock = time;
                options.AddCommand(new ChatCommand("wait", "", "waits, and fails", async (_, cancelled) =>
                {
                    var waiting = Task.Delay(TimeSpan.FromSeconds(1), time, cancelled);
                    called.Release();
                    await waiting;
                    throw new InvalidOperationException("too late");
                }));
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/wait\nhello");
        await called.WaitAsync(cancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));

        await ann.ExpectAsync("The command /wait failed.");
        await ann.ExpectAsync("<ann> hello");
    }

    [Test]
    public async Task A_command_says_which_role_it_needs(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.OperatorKey = "the right key";
                var clear = new ChatCommand("clear", "", "clears it", (_, _) => CommandResult.Reply("cleared"));
                options.AddCommand(clear with { RequiredRole = Roles.Operator });
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/clear");
        await ann.ExpectAsync("Only an operator may use /clear. /operator KEY makes you one.");
        await ann.SendLineAsync("/help");
        await ann.ExpectAsync("clears it (operator only)");
        await ann.SendLineAsync("/operator the right key\n/clear");

        await ann.ExpectAsync("cleared");
    }
}
