using System.Globalization;
using Chat.Engine.Registrations;
using Chat.Events;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Observers;

[CancelAfter(10000)]
public sealed class ObserverPumpTests
{
    [Test]
    public async Task An_observer_sees_what_was_sent_rejected_and_dropped_in_order(CancellationToken cancellationToken)
    {
        var observer = new CollectingObserver();
        await using var chat = await TestChat.StartAsync(
            options => options.Add(observer).AddHook("judge", message => message.Text switch
            {
                "reject" => HookResult.Reject("no"),
                "drop" => HookResult.Drop,
                _ => HookResult.Pass,
            }),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        foreach (var line in new[] { "one", "reject", "drop", "two" })
            await ann.SendLineAsync(line);

        var seen = await observer.Outcomes.WaitForAsync(4, cancellationToken);
        Assert.That(
            seen.Select(outcome => (outcome.Message.Text, outcome.Disposition, outcome.DecidedBy)),
            Is.EqualTo(new[]
            {
                ("one", MessageDisposition.Sent, (string?)null),
                ("reject", MessageDisposition.Rejected, "judge"),
                ("drop", MessageDisposition.Dropped, "judge"),
                ("two", MessageDisposition.Sent, null),
            }));
    }

    [Test]
    public async Task Nobody_waits_for_an_observer_and_one_that_is_lapped_is_named_in_the_log(
        CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new Collected<RoomEvent>();
        var slow = new Registration("slow", "slow.dll");
        slow.Add(async happened =>
        {
            seen.Add(happened);
            await release.Task;
        });
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.LogCapacity, options.MaxLagLines, options.LoggerFactory) = (16, 8, log);
                options.Add(slow);
            },
            cancellationToken);
        await chat.Server.Room("tea").AnnounceAsync("first", cancellationToken);
        await seen.WaitForAsync(1, cancellationToken);

        for (var line = 0; line < 20; line++)
            await chat.Server.Room("tea").AnnounceAsync($"{line}", cancellationToken);
        release.SetResult();

        Assert.That(
            await log.WaitForAsync("too slow", cancellationToken),
            Is.EqualTo("Warning: Observer slow was too slow and missed 20 events."));
    }

    [Test]
    public async Task What_an_observer_has_missed_is_told_once_a_minute(CancellationToken cancellationToken)
    {
        const int Lines = 20;
        var log = new CollectingLog();
        var clock = new FakeTimeProvider();
        using var turns = new SemaphoreSlim(0);
        var seen = new Collected<RoomEvent>();
        var slow = new Registration("slow", "slow.dll");
        slow.Add(async happened =>
        {
            seen.Add(happened);
            await turns.WaitAsync(cancellationToken);
        });
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (
                    options.LogCapacity,
                    options.MaxLagLines,
                    options.LoggerFactory,
                    options.Clock,
                    options.CallTimeBudget) = (16, 8, log, clock, TimeSpan.FromHours(1));
                options.Add(slow);
            },
            cancellationToken);

        await FallBehindAsync(1);
        var first = await log.WaitForAsync("too slow", cancellationToken);
        await FallBehindAsync(2);
        await FallBehindAsync(3, () => clock.Advance(TimeSpan.FromMinutes(1)));
        var second = await log.Lines.WaitForAsync(
            line => line.Contains("too slow", StringComparison.Ordinal) && line != first, cancellationToken);

        Assert.That(
            log.Lines.All.Where(line => line.Contains("too slow", StringComparison.Ordinal)),
            Is.EqualTo(new[] { first, second }));
        Assert.That(Missed(second), Is.GreaterThanOrEqualTo(2 * Lines), "those of the second time, too");

        async Task FallBehindAsync(int time, Action? meanwhile = null)
        {
            // What comes while it is still skipping is skipped, too.
            while (seen.All.Count < time)
            {
                await chat.Server.Room("tea").AnnounceAsync("held", cancellationToken);
                await Task.Yield();
            }

            meanwhile?.Invoke();
            for (var line = 0; line < Lines; line++)
                await chat.Server.Room("tea").AnnounceAsync($"{line}", cancellationToken);
            turns.Release();
        }

        static int Missed(string line) => int.Parse(line.Split(' ')[^2], CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task An_observers_fault_is_logged_and_the_next_event_still_comes(CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        var observer = new ThrowingHook("oh no");
        var other = new CollectingObserver();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.LoggerFactory = log;
                options.Add((IMessageObserver)observer, "bad").Add(other, "good");
            },
            cancellationToken);

        await chat.Server.Room("tea").SayAsync("bot", "1", cancellationToken);
        await chat.Server.Room("tea").SayAsync("bot", "2", cancellationToken);

        await other.Outcomes.WaitForAsync(2, cancellationToken);
        Assert.That(await log.WaitForAsync("Observer bad ", cancellationToken), Does.Contain("oh no"));
    }

    [Test]
    public async Task A_plugins_observers_do_not_see_what_it_caused_itself(CancellationToken cancellationToken)
    {
        CollectingObserver own = new(), other = new();
        await using var chat = await TestChat.StartAsync(
            options => options.Add(own, "bot").Add(other, "other"), cancellationToken);

        await chat.Server.SayAsync("tea", "bot", "own", "bot", cancellationToken);
        await chat.Server.SayAsync("tea", "bot", "host", null, cancellationToken);
        await other.Outcomes.WaitForAsync(2, cancellationToken);
        var seen = await own.Outcomes.WaitForAsync(1, cancellationToken);

        Assert.That(seen.Select(outcome => outcome.Message.Text), Is.EqualTo(new[] { "host" }));
    }

    [Test]
    public async Task An_observers_token_is_set_when_the_server_stops(CancellationToken cancellationToken)
    {
        var observer = new WaitingObserver();
        await using var chat = await TestChat.StartAsync(options => options.Add(observer), cancellationToken);
        await chat.Server.Room("tea").SayAsync("bot", "1", cancellationToken);
        var token = await observer.Token.Task.WaitAsync(cancellationToken);

        await chat.Server.StopAsync(cancellationToken);

        Assert.That(token.IsCancellationRequested, Is.True);
    }

    private sealed class WaitingObserver : IMessageObserver
    {
        public TaskCompletionSource<CancellationToken> Token { get; } = new(
            TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask OnOutcomeAsync(MessageOutcome outcome, CancellationToken cancellationToken)
        {
            Token.TrySetResult(cancellationToken);
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
    }

    [Test]
    public async Task Whoever_wants_to_know_can_wait_until_every_observer_has_seen_what_has_happened(
        CancellationToken cancellationToken)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new Collected<RoomEvent>();
        var (slow, quick) = (new Registration("slow", "slow.dll"), new Registration("quick", "quick.dll"));
        slow.Add(async happened =>
        {
            await release.Task;
            seen.Add(happened);
        });
        quick.Add(_ => default);
        await using var chat = await TestChat.StartAsync(options => options.Add(slow).Add(quick), cancellationToken);
        await chat.Server.Room("tea").AnnounceAsync("one", cancellationToken);

        var observed = chat.Server.WhenObservedAsync();
        Assert.That(observed.IsCompleted, Is.False);
        release.SetResult();
        await observed.WaitAsync(cancellationToken);

        Assert.That(seen.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nobody_waits_for_an_observer_that_is_gone(CancellationToken cancellationToken)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new Collected<RoomEvent>();
        var slow = new Registration("slow", "slow.dll");
        slow.Add(async happened =>
        {
            entered.Add(happened);
            await release.Task;
        });
        await using var chat = await TestChat.StartAsync(options => options.Add(slow), cancellationToken);
        await chat.Server.Room("tea").AnnounceAsync("one", cancellationToken);
        await entered.WaitForAsync(1, cancellationToken);

        var observed = chat.Server.WhenObservedAsync();
        var gone = chat.Server.SwapAsync(slow, null);
        release.SetResult();

        await gone.WaitAsync(cancellationToken);
        await observed.WaitAsync(cancellationToken);
        await chat.Server.WhenObservedAsync().WaitAsync(cancellationToken);
        Assert.That(entered.All, Has.Count.EqualTo(1));
    }
}
