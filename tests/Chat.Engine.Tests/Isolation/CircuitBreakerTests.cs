using Chat.Engine.Isolation.Targets;
using Chat.Hooks;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Isolation;

[CancelAfter(10000)]
public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void It_opens_at_the_limit_and_not_before()
    {
        var breaker = new CircuitBreaker(3, TimeSpan.FromMinutes(1), _time);

        var opened = new[]
        {
            breaker.Fault(atOnce: false), breaker.Fault(atOnce: false), breaker.Fault(atOnce: false),
            breaker.Fault(atOnce: false),
        };

        Assert.That(opened, Is.EqualTo(new[] { false, false, true, false }));
        Assert.That(breaker.IsOpen, Is.True);
    }

    [Test]
    public void Faults_that_are_further_apart_than_the_window_do_not_add_up()
    {
        var breaker = new CircuitBreaker(3, TimeSpan.FromMinutes(1), _time);

        for (var fault = 0; fault < 10; fault++)
        {
            breaker.Fault(atOnce: false);
            _time.Advance(TimeSpan.FromSeconds(31));
        }

        Assert.That(breaker.IsOpen, Is.False);
    }

    [Test]
    public void A_stuck_call_keeps_it_open_only_as_long_as_it_is_stuck()
    {
        var breaker = new CircuitBreaker(3, TimeSpan.FromMinutes(1), _time);

        breaker.EnterStuck();
        var whileStuck = breaker.IsOpen;
        breaker.ExitStuck();

        Assert.That((whileStuck, breaker.IsOpen), Is.EqualTo((true, false)));
    }

    [Test]
    public void Reset_closes_it_and_forgets()
    {
        var breaker = new CircuitBreaker(2, TimeSpan.FromMinutes(1), _time);
        breaker.Fault(atOnce: true);

        breaker.Reset();
        breaker.Fault(atOnce: false);

        Assert.That(breaker.IsOpen, Is.False);
    }

    [Test]
    public async Task A_hook_that_fails_three_times_is_out_of_use_until_an_operator_brings_it_back(
        CancellationToken cancellationToken)
    {
        var hook = new ThrowingHook("no");
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.OperatorKey = "open sesame";
                options.Add((IMessageHook)hook, "bad");
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");
        for (var line = 0; line < 5; line++)
            await ann.SendLineAsync("x");
        await ann.PingAsync();
        var callsBefore = hook.Calls;

        await ann.SendLineAsync("/hooks enable bad");
        await ann.ExpectAsync("Only an operator may enable a hook.");
        await ann.SendLineAsync("/operator open sesame");
        await ann.ExpectAsync("You are an operator now");
        await ann.SendLineAsync("/hooks enable bed");
        await ann.ExpectAsync("There is no hook bed. Did you mean bad?");
        await ann.SendLineAsync("/hooks enable BAD");
        await ann.ExpectAsync("bad is enabled again.");
        await ann.SendLineAsync("x");
        await ann.PingAsync();

        Assert.That((callsBefore, hook.Calls), Is.EqualTo((3, 4)));
    }

    [Test]
    public async Task A_guard_that_is_out_of_use_lets_nothing_pass(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.Add((IMessageGuard)new ThrowingHook("no"), "strict"), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        for (var line = 0; line < 3; line++)
            await ann.SendLineAsync("x");
        await ann.PingAsync();

        await ann.SendLineAsync("x");

        Assert.That(
            await ann.PingAsync(),
            Is.EqualTo(
                new[]
                {
                    "Not sent: the guard strict is disabled, and nothing is sent without it. The operator can see why.",
                }));
    }

    [Test]
    public void Who_is_enabled_while_calls_are_stuck_stays_in_use_as_they_come_back()
    {
        var breaker = new CircuitBreaker(3, TimeSpan.FromMinutes(1), TimeProvider.System);
        breaker.EnterStuck();
        breaker.EnterStuck();

        breaker.Reset();
        breaker.ExitStuck();
        var afterOne = breaker.IsOpen;
        breaker.EnterStuck();

        Assert.That((afterOne, breaker.IsOpen), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Faults_on_a_plugins_own_threads_count_too(CancellationToken cancellationToken)
    {
        var hook = new CollectingHook();
        await using var chat = await TestChat.StartAsync(
            options => options.Add((IMessageHook)hook, "wild"), cancellationToken);
        var ann = await chat.EnterAsync("ann");

        for (var fault = 0; fault < 3; fault++)
            chat.Server.ReportFault("wild", new InvalidOperationException("on a thread"));
        await ann.SendLineAsync("x");
        await ann.ExpectAsync("<ann> x");

        Assert.That(hook.Texts, Is.Empty);
    }
}
