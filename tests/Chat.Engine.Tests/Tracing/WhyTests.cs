using Chat.Engine.Hooks;
using Chat.Engine.Registrations;
using Chat.Engine.Tracing;
using Chat.Events;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Tracing;

[CancelAfter(10000)]
public sealed class WhyTests
{
    [Test]
    public async Task Why_shows_every_hook_the_last_line_went_through(CancellationToken cancellationToken)
    {
        var shout = new Registration("shout", "10-shout.csx", 10) { Version = 3 };
        shout.Add((IMessageHook)new CollectingHook(HookResult.Rewrite("HELLO").Reply("so loud")));
        await using var chat = await TestChat.StartAsync(
            options =>
                options.Add(shout).Add((IMessageHook)new CollectingHook(), "quiet").Add(
                    (IMessageGuard)new CollectingHook(), "careful"), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("hello");
        await ann.PingAsync();

        await ann.SendLineAsync("/why");
        var lines = await ann.PingAsync();

        Assert.That(lines[0], Does.Match(@"^Line 1, ann in lobby, \d\d:\d\d:\d\d: hello$"));
        Assert.That(lines[1], Does.Match(@"^  #\s+hook\s+took\s+verdict\s+text$"));
        Assert.That(
            lines[2], Does.Match(@"^  1\s+hook\s+shout v3\s+\d\S* [nµm]?s\s+rewrite\s+HELLO \[told: so loud\]$"));
        Assert.That(lines[3], Does.Match(@"^  2\s+hook\s+quiet\s+\d\S* [nµm]?s\s+pass$"));
        Assert.That(lines[4], Does.Match(@"^  3\s+guard\s+careful\s+\d\S* [nµm]?s\s+allow$"));
        Assert.That(lines[5], Is.EqualTo("Sent: HELLO"));
        Assert.That(lines, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task Of_lines_that_arrive_together_each_slow_call_is_timed(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                (options.Clock, options.GreetingDelay) = (time, TimeSpan.Zero);
                options.AddHook("slow", _ =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(10));
                    return new ValueTask<HookResult>(HookResult.Pass);
                });
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        Assert.That(await WhyAsync(ann, "one\ntwo\nthree"), Does.Match(@"three\n.*\n.* slow +10 ms +pass\n"));
    }

    [Test]
    public async Task What_was_refused_dropped_and_failed_is_told_apart(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.AddHook("judge", m => m.Text switch
            {
                "reject" => HookResult.Reject("too rude"),
                "drop" => HookResult.Drop,
                "emit" => HookResult.Emit("a", "b"),
                "throw" => throw new InvalidOperationException("oh no"),
                _ => HookResult.Pass,
            }),
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        Assert.That(
            await WhyAsync(ann, "reject"), Does.Match(@"judge .* reject\s+\(too rude\)\nRefused by judge: too rude"));
        Assert.That(await WhyAsync(ann, "drop"), Does.EndWith("\nDropped by judge."));
        Assert.That(await WhyAsync(ann, "emit"), Does.Match(@"emit\s+a \| b\nSent: a\nSent: b$"));
        Assert.That(
            await WhyAsync(ann, "throw"),
            Does.Match(@"failed\s+\(WhyTests\.cs:\d+: InvalidOperationException: oh no\)\nSent: throw$"));
    }

    [Test]
    public async Task Only_an_operator_may_ask_for_lines_of_others(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.OperatorKey = "open sesame", cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("secret");
        await clients[1].ExpectAsync("<ann> secret");

        await clients[1].SendLineAsync("/why 1");
        await clients[1].ExpectAsync("Only an operator may ask about lines of others.");
        await clients[1].SendLineAsync("/operator open sesame");
        await clients[1].SendLineAsync("/why #1");
        await clients[1].ExpectAsync("Line 1, ann in lobby");
        await clients[0].SendLineAsync("/why 1");

        await clients[0].ExpectAsync("Line 1, ann in lobby");
    }

    [Test]
    public async Task An_operator_may_ask_by_nick_even_when_its_owner_has_left(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.OperatorKey = "open sesame", cancellationToken);
        var clients = await chat.EnterAllAsync("ann", "bob");
        await clients[0].SendLineAsync("first");
        await clients[0].SendLineAsync("last");
        await clients[0].SendLineAsync("/why ANN");
        await clients[0].ExpectAsync("Line 2, ann in lobby");
        await clients[0].SendLineAsync("/quit");
        await clients[1].ExpectAsync("ann left");
        await clients[1].SendLineAsync("/operator open sesame");

        await clients[1].SendLineAsync("/why Ann");
        await clients[1].ExpectAsync("Line 2, ann in lobby");
        await clients[1].SendLineAsync("/why eve");
        await clients[1].ExpectAsync("eve has said nothing, or it is too long ago.");
    }

    [TestCase("/why x", "Only an operator may ask about lines of others.")]
    [TestCase("/why", "You have said nothing yet")]
    [TestCase("/operator", "This server has no operators.")]
    public async Task What_cannot_be_answered_is_said(string typed, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(null, cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync(typed);

        await ann.ExpectAsync(answer);
    }

    [Test]
    public async Task Who_guesses_the_operators_key_is_sent_away_and_named_in_the_log(
        CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options => (options.OperatorKey, options.LoggerFactory) = ("open sesame", log), cancellationToken);
        var mallory = await chat.EnterAsync("mallory");

        foreach (var guess in new[] { "sesame", "", "open sesam", "open sesame!" })
            await mallory.SendLineAsync($"/operator {guess}".TrimEnd());
        var seen = await mallory.ReadToEndAsync();

        Assert.That(
            seen,
            Is.EqualTo(
                new[]
                {
                    "That is not the key.", "With which key? /operator KEY", "That is not the key.",
                    "That is not the key. Goodbye.",
                }));
        Assert.That(
            log.Lines.All.Count(
                line => line.Contains("(mallory) entered a wrong operator key", StringComparison.Ordinal)),
            Is.EqualTo(3));
    }

    [Test]
    public async Task Without_a_record_why_says_so(CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(options => options.TracedLines = 0, cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("x");

        await ann.SendLineAsync("/why");

        await ann.ExpectAsync("This server keeps no record of lines.");
    }

    [Test]
    public async Task An_application_gets_the_explanation_of_a_line_by_the_number_its_event_has(
        CancellationToken cancellationToken)
    {
        await using var chat = await TestChat.StartAsync(
            options => options.AddHook("shout", m => HookResult.Rewrite(m.Text.ToUpperInvariant())), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        var reading = FirstSaidAsync(chat, cancellationToken);
        await ann.SendLineAsync("hello");

        var said = await reading;
        await ann.PingAsync();
        var line = chat.Server.Explain(said.MessageId);

        Assert.That(
            line!.Steps.Select(step => (step.Hook, step.Verdict, step.Before, step.After)),
            Is.EqualTo(new[] { ("shout", StepVerdict.Rewrite, "hello", "HELLO") }));
        Assert.That(line.Ends, Is.EqualTo(new[] { new LineEnd(MessageDisposition.Sent, "HELLO", null, null) }));
    }

    [Test]
    public async Task A_hook_in_shadow_mode_has_no_effect_and_shows_what_it_would_change(
        CancellationToken cancellationToken)
    {
        var shadow = new Registration("shadow", "shadow.csx");
        shadow.Add(
            (IMessageHook)new CollectingHook(HookResult.Rewrite("CHANGED").Reply("not told")),
            new HookOptions { Mode = HookMode.Shadow });
        shadow.Add(
            (IMessageGuard)new CollectingHook(verdict: Verdict.Deny("no")),
            new HookOptions { Name = "guard", Mode = HookMode.Shadow });
        await using var chat = await TestChat.StartAsync(options => options.Add(shadow), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("one");
        await ann.SendLineAsync("CHANGED");
        Assert.That(await ann.PingAsync(), Is.EqualTo(new[] { "<ann> one", "<ann> CHANGED" }));

        await ann.SendLineAsync("/hooks shadow");
        var report = string.Join('\n', await ann.PingAsync());
        await ann.SendLineAsync("/why");
        var why = string.Join('\n', await ann.PingAsync());

        Assert.That(
            report,
            Does.Contain("1 of 2 lines would change").And.Contain("one → CHANGED").And.Contain(
                "shadow: it is called, but has no effect"));
        Assert.That(why, Does.Contain("would rewrite").And.Contain("would deny").And.EndWith("Sent: CHANGED"));
    }

    [Test]
    public async Task What_fails_in_shadow_mode_has_failed(CancellationToken cancellationToken)
    {
        var shadow = new Registration("shadow", "shadow.dll");
        shadow.Add((IMessageHook)new ThrowingHook("no"), new HookOptions { Mode = HookMode.Shadow });
        await using var chat = await TestChat.StartAsync(options => options.Add(shadow), cancellationToken);
        var ann = await chat.EnterAsync("ann");
        await ann.SendLineAsync("x");

        await ann.SendLineAsync("/why");

        Assert.That(string.Join('\n', await ann.PingAsync()), Does.Contain("failed in shadow").And.EndWith("Sent: x"));
    }

    [Test]
    public async Task After_200_lines_the_log_says_what_a_hook_in_shadow_mode_would_change(
        CancellationToken cancellationToken)
    {
        var log = new CollectingLog();
        await using var chat = await TestChat.StartAsync(
            options =>
            {
                options.LoggerFactory = log;
                options.Hooks["shout"] = new HookOverride { Mode = HookMode.Shadow };
                options.AddHook(
                    "shout",
                    m => m.Text.EndsWith('!') ? HookResult.Rewrite(m.Text.ToUpperInvariant()) : HookResult.Pass);
            },
            cancellationToken);
        var ann = await chat.EnterAsync("ann");

        await ann.SendLineAsync("one!\ntwo!\nthree!\n" + string.Join('\n', Enumerable.Range(4, 196)));
        await ann.ExpectAsync("<ann> 199");
        var early = log.Lines.All.Count(line => line.Contains("shadow", StringComparison.Ordinal));
        await ann.SendLineAsync("last");

        await log.WaitForAsync(
            "Hook shout (the application) in shadow mode: 3 of 200 lines would change. Lately: one! → ONE!; two! → "
            + "TWO!; three! → THREE!.",
            cancellationToken);
        Assert.That(early, Is.Zero);
    }

    private static async Task<string> WhyAsync(TestClient client, string line)
    {
        await client.SendLineAsync(line);
        await client.PingAsync();
        await client.SendLineAsync("/why");
        return string.Join('\n', await client.PingAsync());
    }

    private static async Task<Said> FirstSaidAsync(TestChat chat, CancellationToken cancellationToken)
    {
        await foreach (var happened in chat.Server.Room("lobby").ReadAsync().WithCancellation(cancellationToken))
        {
            if (happened is Said said)
                return said;
        }

        throw new InvalidOperationException("Nobody said anything.");
    }
}
