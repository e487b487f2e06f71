using System.Runtime.CompilerServices;
using Chat.Commands;
using Chat.Engine.Hooks;
using Chat.Engine.Registrations;
using Chat.Engine.Tests.Hooks;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Isolation;

/// <summary>Plugins that do not come back, in a whole server: what they hold up goes on without them.</summary>
[CancelAfter(30000)]
public sealed class WatchdogTests
{
    private readonly CollectingLog _log = new();
    private readonly StuckHook _stuck = new(text => text.StartsWith("stick", StringComparison.Ordinal));

    [TearDown]
    public void Release() => _stuck.Release();

    [Test]
    public async Task A_line_goes_on_behind_a_hook_that_never_returns_and_keeps_its_place(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options =>
                options.Add((IMessageHook)_stuck, "stuck").AddHook("z-mark", m => HookResult.Rewrite($"{m.Text}!")),
            cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");

        foreach (var line in new[] { "one", "stick", "three", "four" })
            await clients[0].SendLineAsync(line);
        await clients[1].ExpectAsync("<ann> four!");

        Assert.That(await SaidByAsync(clients[0], "ann"), Is.EqualTo(new[] { "one!", "stick!", "three!", "four!" }));
        Assert.That(_log.Lines.All, Has.Some.Match(@"Hook stuck \(stuck\.dll\) has not returned within 50 ms"));
    }

    [Test]
    public async Task Others_notice_nothing_of_a_hook_that_is_stuck_in_somebodys_line(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => options.Add((IMessageHook)_stuck, "patient"), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("stick");
        await _stuck.Stuck.WaitForAsync(1, cancellationToken);

        await clients[1].SendLineAsync("hello");

        await clients[1].ExpectAsync("<bob> hello");
    }

    [Test]
    public async Task A_stuck_hook_is_out_of_use_until_it_comes_back_and_its_late_answer_is_thrown_away(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => options.Add((IMessageHook)_stuck, "stuck"), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("stick");
        await ann.ExpectAsync("<ann> stick");

        await ann.SendLineAsync("meanwhile");
        await ann.ExpectAsync("<ann> meanwhile");
        var seenMeanwhile = _stuck.Seen.All;
        _stuck.Release();
        await _log.WaitForAsync("has returned after all", cancellationToken);
        await ann.SendLineAsync("afterwards");
        await ann.ExpectAsync("<ann> afterwards");

        Assert.That(seenMeanwhile, Is.EqualTo(new[] { "stick" }));
        Assert.That(_stuck.Seen.All, Is.EqualTo(new[] { "stick", "afterwards" }));
        Assert.That(await ann.PingAsync(), Has.None.Contains("too late"));
    }

    [Test]
    public async Task Hooks_shows_the_burned_thread_and_the_call_that_is_out(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => options.Add((IMessageHook)_stuck, "stuck"), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("stick");
        await ann.ExpectAsync("<ann> stick");

        await ann.SendLineAsync("/hooks");
        var lines = await ann.PingAsync();

        Assert.That(
            lines, Has.Some.Match(@"hook\s+stuck\s.*\s1\s+1\s+DISABLED since ..:..:..: 1 of its calls do not return"));
        Assert.That(lines, Has.Some.EqualTo("Threads stuck in plugins: 1 now, 1 since the start."));
    }

    [Test]
    public async Task A_hook_that_waits_in_managed_code_is_woken_and_its_thread_is_free_again(
        CancellationToken cancellationToken)
    {
        using var never = new ManualResetEventSlim();
        await using var chat = await StartAsync(
            options => options.AddHook("waits", m =>
            {
                if (m.Text == "stick")
                    never.Wait(CancellationToken.None);
                return HookResult.Pass;
            }),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("stick");

        await ann.ExpectAsync("<ann> stick");
        await _log.WaitForAsync("Hook waits (the application) has returned after all", cancellationToken);
    }

    [Test]
    public async Task What_a_guard_is_stuck_on_is_not_sent(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => options.Add((IMessageGuard)_stuck, "stuck"), cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("stick");
        await ann.ExpectAsync("Not sent: the guard stuck failed on it.");
        await ann.SendLineAsync("meanwhile");

        await ann.ExpectAsync("Not sent: the guard stuck is disabled, and nothing is sent without it.");
    }

    [Test]
    public async Task Who_uses_a_command_that_never_returns_is_told_and_goes_on(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => WithShortCalls(options).AddCommand(new ChatCommand("stick", "", "", async (_, token) =>
            {
                await _stuck.OnMessageAsync(Some.Message("stick"), token);
                return CommandResult.Reply("too late");
            })),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/stick");
        await ann.ExpectAsync("The command /stick did not answer in time.");
        await ann.SendLineAsync("/stick");
        await ann.ExpectAsync("The command /stick is disabled: a call of it does not return.");
        await ann.SendLineAsync("hello");

        await ann.ExpectAsync("<ann> hello");
        _stuck.Release();
        await _log.WaitForAsync("has returned after all", cancellationToken);
        Assert.That(await ann.PingAsync(), Has.None.Contains("too late"));
    }

    [Test]
    public async Task A_command_that_never_answers_is_given_up_too(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<CommandResult>();
        await using var chat = await StartAsync(
            options => WithShortCalls(options).AddCommand(new ChatCommand("wait", "", "", (_, _) => new(never.Task))),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("/wait");

        await ann.ExpectAsync("The command /wait did not answer in time.");
    }

    [Test]
    public async Task An_observer_that_is_stuck_misses_what_happens_until_it_comes_back(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => WithShortCalls(options).Add((IMessageObserver)_stuck), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("stick");
        await _log.WaitForAsync("has not returned within", cancellationToken);

        await ann.SendLineAsync("missed");
        await ann.ExpectAsync("<ann> missed");
        await chat.Server.WhenObservedAsync().WaitAsync(cancellationToken);
        _stuck.Release();
        await _log.WaitForAsync("has returned after all", cancellationToken);
        await ann.SendLineAsync("next");

        await _stuck.Seen.WaitForAsync(text => text == "next", cancellationToken);
        Assert.That(_stuck.Seen.All, Is.EqualTo(new[] { "stick", "next" }));
    }

    [Test]
    public async Task A_timer_that_is_stuck_ticks_on_when_it_comes_back(CancellationToken cancellationToken)
    {
        var pulse = new Collected<string>();
        await using var chat = await StartAsync(
            options => WithShortCalls(options).Add(Ticker("stuck", () => TickAsync(_stuck))).Add(Pulse(pulse)),
            cancellationToken);

        await _log.WaitForAsync("has not returned within", cancellationToken);
        await pulse.WaitForAsync(pulse.All.Count + 5, cancellationToken);
        var whileStuck = _stuck.Seen.All;
        _stuck.Release();

        await _stuck.Seen.WaitForAsync(3, cancellationToken);
        Assert.That(whileStuck, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_timer_whose_tick_never_ends_is_not_called_twice_at_once(CancellationToken cancellationToken)
    {
        Collected<string> ticks = new(), pulse = new();
        var end = new TaskCompletionSource();
        var endless = Ticker("endless", async () =>
        {
            ticks.Add("tick");
            await end.Task;
        });
        await using var chat = await StartAsync(
            options => WithShortCalls(options).Add(endless).Add(Pulse(pulse)), cancellationToken);

        await _log.WaitForAsync("is not called again before it has ended", cancellationToken);
        await pulse.WaitForAsync(pulse.All.Count + 5, cancellationToken);
        var meanwhile = ticks.All.Count;
        end.SetResult();

        await ticks.WaitForAsync(3, cancellationToken);
        Assert.That(meanwhile, Is.EqualTo(1));
    }

    [Test]
    public async Task Who_starts_a_timer_does_not_wait_for_its_first_tick(CancellationToken cancellationToken)
    {
        var registration = Ticker("hasty", () => TickAsync(_stuck));

        await using var server = await Task.Run(
            () => new ChatServer(new ChatServerOptions { Clock = new HastyTime() }.Add(registration)),
            cancellationToken).WaitAsync(cancellationToken);

        await _stuck.Stuck.WaitForAsync(1, cancellationToken);
        var cameBack = _stuck.CameBack.All;
        _stuck.Release();
        Assert.That(cameBack, Is.Empty);
    }

    [Test]
    public async Task Who_has_sent_everything_at_once_is_seen_to_leave_though_a_hook_is_stuck_in_it(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => options.Add((IMessageHook)_stuck, "stuck"), cancellationToken);
        var bob = await chat.EnterAsync("bob");

        await chat.Connect().SendLineAsync("/nick ann\nstick\n/quit");

        await bob.ExpectAsync("*** ann left lobby");
    }

    [Test]
    public async Task What_a_hook_does_when_its_token_is_set_holds_up_no_stop(CancellationToken cancellationToken)
    {
        var waiting = new Collected<string>();
        await using var chat = await StartAsync(
            options => options.Add(new BlockingOnCancel(waiting, _stuck), "patient"), cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("x");
        await waiting.WaitForAsync(1, cancellationToken);

        await chat.Server.StopAsync(cancellationToken).WaitAsync(cancellationToken);

        await clients[1].ExpectAsync("The server is stopping. Goodbye.");
    }

    [Test]
    public async Task What_the_application_says_goes_on_behind_a_stuck_hook(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options =>
            {
                var registration = new Registration("stuck", "stuck.dll");
                registration.Add((IMessageHook)_stuck, new HookOptions { Origins = MessageOrigins.Any });
                options.Add(registration);
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await chat.Server.Room("lobby").SayAsync("host", "stick", cancellationToken);

        await ann.ExpectAsync("<host> stick");
    }

    [Test]
    public async Task All_who_walk_into_a_stuck_hook_together_get_their_lines_through_once_and_in_order(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options => options.Add((IMessageHook)_stuck, "stuck"), cancellationToken);
        var nicks = Enumerable.Range(0, 8).Select(number => $"nick{number}").ToArray();
        var clients = await chat.EnterAllAsync(nicks);
        var observer = await chat.EnterAsync("watcher");

        await Task.WhenAll(clients.Select(async client =>
        {
            foreach (var line in new[] { "a", "stick", "b", "c" })
                await client.SendLineAsync(line);
            await client.PingAsync();
        }));
        var seen = await observer.PingAsync();

        foreach (var nick in nicks)
            Assert.That(
                seen.Where(line => line.StartsWith($"<{nick}>", StringComparison.Ordinal)),
                Is.EqualTo(new[] { $"<{nick}> a", $"<{nick}> stick", $"<{nick}> b", $"<{nick}> c" }));
    }

    [TestCase("stick")]
    [TestCase("/stick")]
    public async Task Who_is_stuck_in_one_plugin_keeps_no_other_from_being_taken_out(
        string line, CancellationToken cancellationToken)
    {
        var stuck = new Registration("stuck", "stuck.dll");
        stuck.Add((IMessageHook)_stuck);
        stuck.Add(new ChatCommand("stick", "", "", async (_, _) =>
        {
            await TickAsync(_stuck);
            return CommandResult.Done;
        }));
        await using var chat = await StartAsync(options => WithShortCalls(options).Add(stuck), cancellationToken);
        var (other, hook) = Other();
        await chat.Server.SwapAsync(null, other);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync(line);
        await _stuck.Stuck.WaitForAsync(1, cancellationToken);
        await ann.PingAsync();

        await chat.Server.SwapAsync(other, null).WaitAsync(cancellationToken);
        other = null;
        var stuckIsOut = chat.Server.SwapAsync(stuck, null);

        while (hook.IsAlive)
        {
            cancellationToken.ThrowIfCancellationRequested();
            GC.Collect();
            await Task.Yield();
        }

        Assert.That((stuckIsOut.IsCompleted, _stuck.CameBack.All.Count), Is.EqualTo((false, 0)));
        _stuck.Release();
        await stuckIsOut.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task An_observer_that_gets_stuck_after_it_was_taken_out_is_still_waited_for(
        CancellationToken cancellationToken)
    {
        var registration = new Registration("watcher", "watcher.dll");
        registration.Add((IMessageObserver)_stuck);
        await using var chat = await StartAsync(
            options => WithShortCalls(options).Add(registration), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("stick");
        await _stuck.Stuck.WaitForAsync(1, cancellationToken);

        var isOut = chat.Server.SwapAsync(registration, null);
        await _log.WaitForAsync("has not returned within 500 ms", cancellationToken);
        await ann.PingAsync();

        Assert.That(isOut.IsCompleted, Is.False);
        _stuck.Release();
        await isOut.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task A_hook_with_a_stuck_call_is_enabled_with_a_warning(CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(
            options =>
            {
                options.OperatorKey = "open sesame";
                options.Add((IMessageHook)_stuck, "stuck");
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("stick");
        await ann.ExpectAsync("<ann> stick");
        await ann.SendLineAsync("/operator open sesame");
        await ann.ExpectAsync("You are an operator now");

        await ann.SendLineAsync("/hooks enable stuck");

        await ann.ExpectAsync(
            "stuck is enabled again, though 1 of its calls has not returned: another like that costs another "
            + "thread, and disables it again.");
    }

    [Test]
    public async Task A_server_stops_though_a_hook_is_stuck(CancellationToken cancellationToken)
    {
        var chat = await StartAsync(
            options =>
            {
                options.StopTimeout = TimeSpan.Zero;
                options.Add((IMessageHook)_stuck, "patient");
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("stick");
        await _stuck.Stuck.WaitForAsync(1, cancellationToken);

        await chat.DisposeAsync();

        Assert.That(_stuck.CameBack.All, Is.Empty);
    }

    private Task<TestChat> StartAsync(Action<ChatServerOptions> configure, CancellationToken cancellationToken) =>
        TestChat.StartAsync(
        options =>
        {
            options.LoggerFactory = _log;

            // Short for those who are to be stuck, and for them alone: a busy machine must not make others late.
            foreach (var id in new[] { "stuck", "waits" })
                options.Hooks[id] = new HookOverride { TimeBudget = TimeSpan.FromMilliseconds(50) };
            configure(options);
        },
        cancellationToken);

    /// <summary>Long enough for the server's own commands on a busy machine.</summary>
    private static ChatServerOptions WithShortCalls(ChatServerOptions options)
    {
        options.CallTimeBudget = TimeSpan.FromMilliseconds(500);
        return options;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Registration? Registration, WeakReference Hook) Other()
    {
        var registration = new Registration("other", "other.dll");
        var hook = new CollectingHook(HookResult.Pass);
        registration.Add((IMessageHook)hook);
        return (registration, new WeakReference(hook));
    }

    private static Registration Ticker(string id, Func<ValueTask> tick)
    {
        var registration = new Registration(id, $"{id}.dll");
        registration.Every(HastyTime.Period, tick);
        return registration;
    }

    /// <summary>Shows that time passes for timers.</summary>
    private static Registration Pulse(Collected<string> beats) => Ticker("pulse", () =>
    {
        beats.Add("beat");
        return default;
    });

    private static ValueTask TickAsync(StuckHook stuck) =>
        stuck.OnOutcomeAsync(new MessageOutcome(Some.Message("stick"), MessageDisposition.Sent, null, null), default);

    private static async Task<IEnumerable<string>> SaidByAsync(TestClient client, string nick) =>
        (await client.PingAsync()).Where(
            line => line.StartsWith($"<{nick}> ", StringComparison.Ordinal)).Select(line => line[(nick.Length + 3)..]);

    /// <summary>A clock at which a timer's time has come as soon as it is set, as it may have on a busy
    /// machine.</summary>
    private sealed class HastyTime : FakeTimeProvider
    {
        public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Period)
                Advance(Period);
            return timer;
        }
    }

    /// <summary>Waits for ever, and blocks whoever tells it not to.</summary>
    private sealed class BlockingOnCancel(Collected<string> waiting, StuckHook stuck) : IMessageHook
    {
        public async ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken)
        {
            cancellationToken.Register(() => SpinWait.SpinUntil(() => stuck.IsReleased));
            waiting.Add(message.Text);
            await new TaskCompletionSource().Task;
            return HookResult.Pass;
        }
    }
}
