using Chat.Commands;
using Chat.Engine.Hooks;
using Chat.Engine.Registrations;
using Chat.Engine.Scheduling;
using Chat.Hooks;
using Chat.Testing;

namespace Chat.Engine.Tests.Scheduling;

[CancelAfter(30000)]
public sealed class AsyncLockTests
{
    [Test]
    public void Only_one_is_in_at_a_time()
    {
        var gate = new AsyncLock();

        Assert.That((gate.TryEnter(), gate.TryEnter()), Is.EqualTo((true, false)));
        gate.Exit();
        Assert.That(gate.TryEnter(), Is.True);
    }

    [Test]
    public async Task Those_who_wait_get_in_one_by_one_in_the_order_they_came(CancellationToken cancellationToken)
    {
        var gate = new AsyncLock();
        await gate.EnterAsync(CancellationToken.None);
        var first = gate.EnterAsync(CancellationToken.None);
        var second = gate.EnterAsync(CancellationToken.None);

        gate.Exit();
        await first.WaitAsync(cancellationToken);
        var whileFirstIsIn = second.IsCompleted;
        gate.Exit();
        await second.WaitAsync(cancellationToken);
        gate.Exit();

        Assert.That((whileFirstIsIn, gate.TryEnter()), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Who_gives_up_waiting_is_passed_over(CancellationToken cancellationToken)
    {
        using var givingUp = new CancellationTokenSource();
        var gate = new AsyncLock();
        await gate.EnterAsync(cancellationToken);
        var first = gate.EnterAsync(givingUp.Token);
        var second = gate.EnterAsync(cancellationToken);
        var third = gate.EnterAsync(givingUp.Token);

        await givingUp.CancelAsync();
        gate.Exit();
        await second.WaitAsync(cancellationToken);
        gate.Exit();

        Assert.That((first.IsCanceled, third.IsCanceled, gate.TryEnter()), Is.EqualTo((true, true, true)));
    }

    [Test]
    public async Task Gate_who_has_waited_for_an_overdue_caller_does_not_wait_for_the_next(
        CancellationToken cancellationToken)
    {
        var gate = new AsyncLock();
        await gate.EnterAsync(cancellationToken);
        var next = gate.TryEnterAsync(cancellationToken);
        var late = gate.TryEnterAsync(cancellationToken);
        var patient = gate.EnterAsync(cancellationToken);

        gate.Exit(isOverdue: true);
        var entered = (await next.WaitAsync(cancellationToken), await late.WaitAsync(cancellationToken));
        var isPatientIn = patient.IsCompleted;
        gate.Exit();
        await patient.WaitAsync(cancellationToken);

        Assert.That((entered, isPatientIn), Is.EqualTo(((true, false), false)));
    }

    [Test]
    public async Task Gate_a_line_waits_for_one_stuck_call_of_a_script_and_not_for_those_that_wait_before_it(
        CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HookResult>();
        using var called = new SemaphoreSlim(0);
        var registration = new Registration("script", "script.csx") { Concurrent = false };
        registration.Add(new DelegateHook(m =>
        {
            called.Release();
            return m.Text == "wait" ? new ValueTask<HookResult>(never.Task) : HookResult.Pass;
        }));
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.HookTimeBudget = TimeSpan.FromSeconds(2);
                options.Add(registration);
            },
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob", "cy", "dan");
        await clients[3].SendLineAsync("/join quiet");
        await clients[3].ExpectAsync("dan joined");

        await clients[0].SendLineAsync("wait");
        await called.WaitAsync(cancellationToken);
        await clients[1].SendLineAsync("wait");
        await clients[2].SendLineAsync("wait");
        await clients[3].SendLineAsync("hello");

        // Ann's call ends and that of bob or cy begins. Dan's line has waited for ann's, and does not wait for that
        // one.
        await clients[3].ExpectAsync("<dan> hello");
        var lines = await clients[0].PingAsync();
        Assert.That(
            lines.Count(
                line =>
                    line.EndsWith("> wait", StringComparison.Ordinal)
                        && !line.StartsWith("<ann>", StringComparison.Ordinal)),
            Is.LessThan(2));
    }

    [Test]
    public async Task Nobody_overlaps_and_nobody_is_forgotten_whatever_the_crowd(CancellationToken cancellationToken)
    {
        var gate = new AsyncLock();
        int inside = 0, most = 0, entered = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var turn = 0; turn < 5000; turn++)
                {
                    if (!gate.TryEnter())
                        await gate.EnterAsync(CancellationToken.None);
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    entered++;
                    Interlocked.Decrement(ref inside);
                    gate.Exit();
                }
            },
            cancellationToken))).WaitAsync(cancellationToken);

        Assert.That((most, entered), Is.EqualTo((1, 40000)));
    }

    [Test]
    public async Task Callbacks_of_a_registration_that_is_not_concurrent_never_overlap(
        CancellationToken cancellationToken)
    {
        int inside = 0, most = 0;
        async ValueTask<HookResult> CountAsync(MessageContext message)
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            return HookResult.Pass;
        }

        var registration = new Registration("script", "script.csx") { Concurrent = false };
        registration.Add(new DelegateHook(CountAsync));
        registration.Add(new DelegateHook(CountAsync), new HookOptions { Name = "second" });
        await using var chat = await TestChat.StartAsync(options => options.Add(registration), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob", "cy", "dan");

        await Task.WhenAll(clients.Select(async client =>
        {
            for (var line = 0; line < 25; line++)
                await client.SendLineAsync("x");
            await client.PingAsync();
        }));

        Assert.That(most, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_has_waited_for_a_command_that_does_not_come_back_is_told_and_does_not_call_it_again(
        CancellationToken cancellationToken)
    {
        var calls = 0;
        using var inside = new SemaphoreSlim(0);
        using var never = new ManualResetEventSlim();
        var registration = new Registration("script", "script.csx") { Concurrent = false };
        registration.Add(new ChatCommand("stick", "", "", (_, _) =>
        {
            Interlocked.Increment(ref calls);
            inside.Release();
            while (!never.IsSet)
                Thread.Yield();
            return CommandResult.Done;
        }));
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.CallTimeBudget = TimeSpan.FromSeconds(1);
                options.Add(registration);
            },
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("/stick");
        await inside.WaitAsync(cancellationToken);
        await clients[1].SendLineAsync("/stick");

        await clients[0].ExpectAsync("did not answer in time");
        await clients[1].ExpectAsync("is disabled");
        never.Set();
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_never_ends_holds_the_others_up_no_longer_than_its_budget(
        CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HookResult>();
        var registration = new Registration("script", "script.csx") { Concurrent = false };
        registration.Add(
            new DelegateHook(
                m => m.Text == "wait" ? new ValueTask<HookResult>(never.Task) : HookResult.Rewrite($"{m.Text}!")));
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.HookTimeBudget = TimeSpan.FromMilliseconds(500);
                options.Add(registration);
            },
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        await clients[0].SendLineAsync("wait");
        await clients[1].SendLineAsync("hello");

        await clients[1].ExpectAsync("<bob> hello!");
        await clients[0].ExpectAsync("<ann> wait");
    }
}
