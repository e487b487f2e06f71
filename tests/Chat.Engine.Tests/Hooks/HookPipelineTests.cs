using System.Globalization;
using System.Threading.Tasks.Sources;
using Chat.Engine.Diagnostics;
using Chat.Engine.Hooks;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Hooks;
using Chat.Scenes.Clients;
using Chat.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Hooks;

[CancelAfter(10000)]
public sealed class HookPipelineTests
{
    private readonly CollectingLog _log = new() { MinimumLevel = LogLevel.Information };
    private readonly FakeTimeProvider _time = new();
    private readonly ChatServerOptions _options = new() { MaxMessageBytes = 100 };
    private readonly List<Registration> _plugins = [];
    private readonly Watchdog _watchdog = new(
        TimeProvider.System, TimeSpan.FromMinutes(1), new CallProfiler(new ProcessResources()));

    [TearDown]
    public void EndWatchdog() => _watchdog.Dispose();

    [Test]
    public async Task Hooks_run_by_band_then_order_then_id(CancellationToken cancellationToken)
    {
        Add("late", Append("6"), new HookOptions { Band = HookBand.Late, Order = -1 });
        Add("b", Append("4"), new HookOptions { Order = 5 });
        Add("A", Append("3"), new HookOptions { Order = 5 });
        Add("c", Append("2"), new HookOptions { Order = 4 });
        Add("first", Append("1"), new HookOptions { Band = HookBand.First, Order = 1000 });
        Add("unsaid", Append("5"));

        var result = await RunAsync(Some.Message("0"), cancellationToken);

        Assert.That(result.Outcomes.Single().Message.Text, Is.EqualTo("0123456"));
    }

    [Test]
    public async Task Each_hook_sees_what_the_last_left_and_the_original(CancellationToken cancellationToken)
    {
        var second = new CollectingHook();
        Add("1", HookResult.Rewrite("new"));
        Add("2", second);

        await RunAsync(Some.Message("old"), cancellationToken);

        var seen = second.Messages.All.Single();
        Assert.That((seen.Text, seen.OriginalText), Is.EqualTo(("new", "old")));
    }

    [Test]
    public async Task What_a_hook_leaves_behind_in_its_thread_is_not_there_for_the_next(
        CancellationToken cancellationToken)
    {
        var local = new AsyncLocal<string?>();
        var before = CultureInfo.CurrentCulture;
        var posting = SynchronizationContext.Current;
        (string?, CultureInfo, SynchronizationContext?)? found = null;
        Add("1", new DelegateHook(_ =>
        {
            local.Value = "left behind";
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return new ValueTask<HookResult>(HookResult.Pass);
        }));
        Add("2", new DelegateHook(_ =>
        {
            found = (local.Value, CultureInfo.CurrentCulture, SynchronizationContext.Current);
            return new ValueTask<HookResult>(HookResult.Pass);
        }));

        await RunAsync(Some.Message(), cancellationToken);

        Assert.That(found, Is.EqualTo(((string?)null, before, posting)));
    }

    [Test]
    public async Task A_message_that_passes_all_hooks_is_sent_as_it_was(CancellationToken cancellationToken)
    {
        Add("1", HookResult.Pass);

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            result.Outcomes,
            Is.EqualTo(new[] { new MessageOutcome(Some.Message(), MessageDisposition.Sent, null, null) }));
    }

    [Test]
    public async Task An_emitted_message_goes_on_through_the_later_hooks_only(CancellationToken cancellationToken)
    {
        var before = new CollectingHook();
        Add("1", before);
        Add("2", HookResult.Emit("a", "b"));
        Add("3", Append("!"));

        var result = await RunAsync(Some.Message("x"), cancellationToken);

        Assert.That(Sent(result), Is.EqualTo(new[] { "a!", "b!" }));
        Assert.That(before.Texts, Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public async Task Emitting_nothing_drops_the_message(CancellationToken cancellationToken)
    {
        Add("1", HookResult.Emit());

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            (result.Outcomes.Single().Disposition, result.Outcomes.Single().DecidedBy),
            Is.EqualTo((MessageDisposition.Dropped, "1")));
    }

    [TestCase(MessageKind.Say, MessageKind.Emote, MessageKind.Emote)]
    [TestCase(MessageKind.Emote, null, MessageKind.Emote)]
    [TestCase(MessageKind.Whisper, MessageKind.Say, MessageKind.Whisper)]
    [TestCase(MessageKind.Say, MessageKind.Whisper, MessageKind.Say)]
    public async Task A_whisper_stays_private_and_a_rooms_line_stays_public(
        MessageKind kind, MessageKind? wanted, MessageKind expected, CancellationToken cancellationToken)
    {
        Add("1", HookResult.Emit(new OutgoingMessage("x") { Kind = wanted }));

        var result = await RunAsync(Some.Message() with { Kind = kind }, cancellationToken);

        Assert.That(result.Outcomes.Single().Message.Kind, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_dropped_message_goes_no_further(CancellationToken cancellationToken)
    {
        var later = new CollectingHook();
        Add("1", HookResult.Drop);
        Add("2", later);

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            (result.Outcomes.Single().Disposition, result.Outcomes.Single().Reason, later.Texts.Count),
            Is.EqualTo((MessageDisposition.Dropped, (string?)null, 0)));
    }

    [Test]
    public async Task A_rejected_message_has_its_reason_and_who_rejected_it(CancellationToken cancellationToken)
    {
        Add("1", HookResult.Reject("too loud"));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            result.Outcomes,
            Is.EqualTo(new[] { new MessageOutcome(Some.Message(), MessageDisposition.Rejected, "1", "too loud") }));
    }

    [Test]
    public async Task Replies_of_all_hooks_are_kept_in_order_even_when_the_message_is_dropped(
        CancellationToken cancellationToken)
    {
        Add("1", HookResult.Pass.Reply("one"));
        Add("2", HookResult.Drop.Reply("two").Reply("three"));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(result.Replies, Is.EqualTo(new[] { "one", "two", "three" }));
    }

    [Test]
    public async Task Tags_carry_the_id_of_the_hook_that_set_them(CancellationToken cancellationToken)
    {
        Add("1", HookResult.Pass.Tag("mood", "good"));
        Add("2", HookResult.Rewrite("x").Tag("mood", "bad"));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            result.Outcomes.Single().Message.Tags,
            Is.EquivalentTo(new Dictionary<string, string> { ["1:mood"] = "good", ["2:mood"] = "bad" }));
    }

    [Test]
    public async Task A_guard_sees_each_final_text_however_early_it_is_ordered(CancellationToken cancellationToken)
    {
        var guard = new CollectingHook();
        AddGuard("guard", guard, new HookOptions { Band = HookBand.First });
        Add("1", HookResult.Emit("a", "b"));
        Add("2", Append("!"), new HookOptions { Band = HookBand.Last });

        await RunAsync(Some.Message("x"), cancellationToken);

        Assert.That(guard.Texts, Is.EqualTo(new[] { "a!", "b!" }));
    }

    [Test]
    public async Task A_guard_cannot_be_got_around_by_a_later_rewrite(CancellationToken cancellationToken)
    {
        AddGuard(
            "guard",
            new DelegateGuard(
                message =>
                    message.Text.Contains("bad", StringComparison.Ordinal)
                        ? Verdict.Deny("language!")
                        : Verdict.Allow));
        Add("1", HookResult.Emit("good", "b a d"));
        Add(
            "2",
            new DelegateHook(message => HookResult.Rewrite(message.Text.Replace(" ", "", StringComparison.Ordinal))),
            new HookOptions { Band = HookBand.Last });

        var result = await RunAsync(Some.Message("x"), cancellationToken);

        Assert.That(Sent(result), Is.EqualTo(new[] { "good" }));
        Assert.That((result.Outcomes[1].DecidedBy, result.Outcomes[1].Reason), Is.EqualTo(("guard", "language!")));
    }

    [Test]
    public async Task The_first_guard_that_denies_decides(CancellationToken cancellationToken)
    {
        var second = new CollectingHook();
        AddGuard("1", new CollectingHook(verdict: Verdict.Deny("no")));
        AddGuard("2", second);

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That((result.Outcomes.Single().DecidedBy, second.Texts.Count), Is.EqualTo(("1", 0)));
    }

    [Test]
    public async Task A_failing_hook_is_skipped(CancellationToken cancellationToken)
    {
        Add("1", HookResult.Rewrite("kept"));
        Add("2", new ThrowingHook());

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(Sent(result), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task A_hook_that_is_to_block_rejects_what_it_fails_on(CancellationToken cancellationToken)
    {
        Add("1", new ThrowingHook(), new HookOptions { OnFailure = FailurePolicy.Block });

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            (result.Outcomes.Single().Disposition, result.Outcomes.Single().Reason),
            Is.EqualTo((MessageDisposition.Failed, "Not sent: the hook 1 failed on it. The operator can see why.")));
    }

    [Test]
    public async Task A_hook_that_is_to_be_disabled_is_not_called_again(CancellationToken cancellationToken)
    {
        var hook = new ThrowingHook();
        Add("1", hook, new HookOptions { OnFailure = FailurePolicy.Disable });
        var pipeline = Build();

        var first = await pipeline.RunAsync(Some.Message(), cancellationToken);
        await pipeline.RunAsync(Some.Message(), cancellationToken);

        Assert.That((first.Outcomes.Single().Disposition, hook.Calls), Is.EqualTo((MessageDisposition.Sent, 1)));
    }

    [Test]
    public async Task A_guard_blocks_what_it_fails_on(CancellationToken cancellationToken)
    {
        AddGuard("1", new ThrowingHook());

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            result.Outcomes.Single().Reason,
            Is.EqualTo("Not sent: the guard 1 failed on it. The operator can see why."));
    }

    [Test]
    public async Task A_guard_may_be_told_to_let_pass_what_it_fails_on(CancellationToken cancellationToken)
    {
        AddGuard("1", new ThrowingHook(), new HookOptions { OnFailure = FailurePolicy.Pass });

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(result.Outcomes.Single().Disposition, Is.EqualTo(MessageDisposition.Sent));
    }

    [Test]
    public async Task A_guard_that_returns_null_blocks(CancellationToken cancellationToken)
    {
        AddGuard("1", new DelegateGuard(_ => new ValueTask<Verdict>((Verdict)null!)));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(result.Outcomes.Single().Disposition, Is.EqualTo(MessageDisposition.Failed));
        Assert.That(_log.Lines.All.Single(), Does.Contain("the guard returned null"));
    }

    [Test]
    public async Task A_fault_is_logged_with_the_hook_the_file_and_the_line(CancellationToken cancellationToken)
    {
        Add("shout", new ThrowingHook("oh no"));

        await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            _log.Lines.All.Single(),
            Does.Match(
                @"^Warning: Hook shout \(shout\.dll\) failed: .*ThrowingHook\.cs:\d+: "
                + @"InvalidOperationException: oh no\. Policy: Pass\."));
    }

    [Test]
    public async Task An_exception_whose_own_message_fails_is_a_fault_like_any_other(
        CancellationToken cancellationToken)
    {
        Add("odd", new DelegateHook(_ => throw new OddException()));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(result.Outcomes.Single().Disposition, Is.EqualTo(MessageDisposition.Sent));
        Assert.That(_log.Lines.All.Single(), Does.Contain("OddException: (without a message)"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task An_exception_whose_own_message_never_comes_holds_nobody_up(
        bool isInner, CancellationToken cancellationToken)
    {
        using var release = new ManualResetEventSlim();
        Add(
            "odd",
            new DelegateHook(
                _ =>
                    throw (
                        isInner
                            ? new AggregateException(new AggregateException(new StuckException(release)))
                            : new StuckException(release))));

        var result = await RunAsync(Some.Message(), cancellationToken);
        release.Set();

        Assert.That(result.Outcomes.Single().Disposition, Is.EqualTo(MessageDisposition.Sent));
        Assert.That(_log.Lines.All.Single(), Does.Contain("Exception: (its message takes too long)"));
    }

    [Test]
    public async Task A_burst_of_faults_is_logged_once_and_each_is_counted(CancellationToken cancellationToken)
    {
        _options.HookFaultLimit = 1000;
        Add("1", new ThrowingHook());
        var pipeline = Build();

        for (var count = 0; count < 10; count++)
            await pipeline.RunAsync(Some.Message(), cancellationToken);

        Assert.That((_log.Lines.All.Count, pipeline.Steps.Single().Target.Faults), Is.EqualTo((1, 10L)));
    }

    [Test]
    public async Task A_minute_after_a_burst_the_next_fault_tells_how_many_were_not_logged(
        CancellationToken cancellationToken)
    {
        _options.HookFaultLimit = 1000;
        Add("1", new ThrowingHook());
        var pipeline = Build();
        for (var count = 0; count < 10; count++)
            await pipeline.RunAsync(Some.Message(), cancellationToken);

        _time.Advance(TimeSpan.FromMinutes(1));
        await pipeline.RunAsync(Some.Message(), cancellationToken);

        Assert.That(_log.Lines.All[^1], Does.EndWith("Not logged since the last time: 9."));
    }

    [TestCaseSource(nameof(InvalidResults))]
    public async Task A_result_that_cannot_be_used_counts_as_a_fault(
        HookResult? invalid, string fault, CancellationToken cancellationToken)
    {
        Add("1", new DelegateHook(_ => new ValueTask<HookResult>(invalid!)));

        var result = await RunAsync(Some.Message("as it was"), cancellationToken);

        Assert.That(Sent(result), Is.EqualTo(new[] { "as it was" }));
        Assert.That(_log.Lines.All.Single(), Does.Contain(fault));
    }

    [TestCase("a\r\nb", "a  b")]
    [TestCase("\u001b[31mred", "[31mred")]
    [TestCase("a\u2028b", "a b")]
    public async Task What_a_hook_writes_is_cleaned_as_user_input_is(
        string text, string clean, CancellationToken cancellationToken)
    {
        var seen = new CollectingHook();
        Add("1", HookResult.Rewrite(text));
        Add("2", seen);
        Add("3", HookResult.Emit(text));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That((seen.Texts.Single(), Sent(result).Single()), Is.EqualTo((clean, clean)));
    }

    [TestCase(99, true)]
    [TestCase(100, true)]
    [TestCase(101, false)]
    public async Task What_a_hook_writes_may_be_as_long_as_a_message(
        int length, bool isTaken, CancellationToken cancellationToken)
    {
        Add("1", HookResult.Rewrite(new string('x', length)));

        var result = await RunAsync(Some.Message("short"), cancellationToken);

        Assert.That(Sent(result).Single().Length, Is.EqualTo(isTaken ? length : 5));
    }

    [TestCase(16_384, true)]
    [TestCase(16_385, false)]
    public async Task What_a_hook_tells_the_sender_is_limited(
        int length, bool isTaken, CancellationToken cancellationToken)
    {
        Add("1", HookResult.Pass.Reply(new string('x', length)));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            (result.Replies.Count, _log.Lines.All.Any(line => line.Contains("the limit is 16384"))),
            Is.EqualTo(isTaken ? (1, false) : (0, true)));
    }

    [TestCase(16, true)]
    [TestCase(17, false)]
    public async Task How_often_a_hook_replies_to_one_line_is_limited(
        int count, bool isTaken, CancellationToken cancellationToken)
    {
        Add(
            "1",
            Enumerable.Range(0, count).Aggregate(HookResult.Pass, (result, number) => result.Reply($"reply {number}")));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            (
                result.Replies.Count,
                _log.Lines.All.Any(line => line.Contains("it returned 17 replies; the limit is 16"))),
            Is.EqualTo(isTaken ? (16, false) : (0, true)));
    }

    [Test]
    public async Task An_answer_that_cannot_even_be_asked_for_is_a_fault_of_the_hooks(
        CancellationToken cancellationToken)
    {
        Add("1", new Broken());
        Add("2", Append("+"));

        var result = await RunAsync(Some.Message("x"), cancellationToken);

        Assert.That(Sent(result), Is.EqualTo(new[] { "x+" }));
        Assert.That(_log.Lines.All, Has.One.Contains("used twice"));
    }

    [TestCase(16, 16)]
    [TestCase(17, 1)]
    public async Task A_hook_makes_at_most_sixteen_messages_of_one(
        int emitted, int sent, CancellationToken cancellationToken)
    {
        Add("1", HookResult.Emit([.. Enumerable.Range(0, emitted).Select(line => new OutgoingMessage($"{line}"))]));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(Sent(result), Has.Count.EqualTo(sent));
    }

    [TestCase(MessageOrigins.Client, 1)]
    [TestCase(MessageOrigins.Host, 0)]
    [TestCase(MessageOrigins.Hook, 0)]
    public async Task A_hook_sees_only_what_clients_say_unless_it_asks_for_more(
        MessageOrigins origin, int calls, CancellationToken cancellationToken)
    {
        CollectingHook byDefault = new(), any = new();
        Add("1", byDefault);
        Add("2", any, new HookOptions { Origins = MessageOrigins.Any });

        await RunAsync(Some.Message() with { Origin = origin }, cancellationToken);

        Assert.That((byDefault.Texts.Count, any.Texts.Count), Is.EqualTo((calls, 1)));
    }

    [Test]
    public async Task A_plugins_hooks_do_not_see_what_it_caused_itself(CancellationToken cancellationToken)
    {
        CollectingHook own = new(), ownGuard = new(), other = new();
        var options = new HookOptions { Origins = MessageOrigins.Any };
        var plugin = Add("bot", own, options);
        plugin.Add((IMessageGuard)ownGuard, options);
        Add("other", other, options);

        await RunAsync(Some.Message() with { Origin = MessageOrigins.Hook, Cause = "bot" }, cancellationToken);

        Assert.That((own.Texts.Count, ownGuard.Texts.Count, other.Texts.Count), Is.EqualTo((0, 0, 1)));
    }

    [TestCase("dev-net", null, 1)]
    [TestCase("lobby", null, 0)]
    [TestCase("", "bob", 0)]
    public async Task A_hook_bound_to_rooms_is_not_called_elsewhere(
        string room, string? recipient, int calls, CancellationToken cancellationToken)
    {
        CollectingHook hook = new(), guard = new();
        Add("1", hook, new HookOptions { Rooms = ["tea", "dev-*"] });
        AddGuard("2", guard, new HookOptions { Rooms = ["tea", "dev-*"] });

        await RunAsync(Some.Message(room: room) with { Recipient = recipient }, cancellationToken);

        Assert.That((hook.Texts.Count, guard.Texts.Count), Is.EqualTo((calls, calls)));
    }

    [Test]
    public async Task An_operator_may_turn_a_hook_off(CancellationToken cancellationToken)
    {
        var hook = new CollectingHook();
        _options.Hooks["SHOUT"] = new HookOverride { Enabled = false };
        Add("shout", hook);

        await RunAsync(Some.Message(), cancellationToken);

        Assert.That(hook.Texts, Is.Empty);
    }

    [Test]
    public async Task An_operator_may_change_the_order(CancellationToken cancellationToken)
    {
        _options.Hooks["b"] = new HookOverride { Order = 1 };
        _options.Hooks["c"] = new HookOverride { Band = HookBand.First };
        foreach (var id in new[] { "a", "b", "c" })
            Add(id, Append(id));

        var result = await RunAsync(Some.Message(""), cancellationToken);

        Assert.That(Sent(result), Is.EqualTo(new[] { "cba" }));
    }

    [Test]
    public async Task An_operator_may_bind_a_hook_to_rooms_and_origins(CancellationToken cancellationToken)
    {
        var hook = new CollectingHook();
        _options.Hooks["1"] = new HookOverride { Rooms = ["tea"], Origins = MessageOrigins.Host };
        Add("1", hook);
        var pipeline = Build();

        await pipeline.RunAsync(
            Some.Message("other room", room: "lobby") with { Origin = MessageOrigins.Host }, cancellationToken);
        await pipeline.RunAsync(Some.Message("other origin", room: "tea"), cancellationToken);
        await pipeline.RunAsync(
            Some.Message("seen", room: "tea") with { Origin = MessageOrigins.Host }, cancellationToken);

        Assert.That(hook.Texts, Is.EqualTo(new[] { "seen" }));
    }

    [Test]
    public async Task An_operator_may_decide_what_a_failure_does(CancellationToken cancellationToken)
    {
        _options.Hooks["1"] = new HookOverride { OnFailure = FailurePolicy.Block };
        Add("1", new ThrowingHook());

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(result.Outcomes.Single().Disposition, Is.EqualTo(MessageDisposition.Failed));
    }

    [Test]
    public void A_sender_that_has_gone_is_not_the_hooks_fault()
    {
        using var gone = new CancellationTokenSource();
        var hook = new HoldingHook();
        Add("1", hook);
        var pipeline = Build();
        var running = pipeline.RunAsync(Some.Message(), gone.Token).AsTask();

        gone.Cancel();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(pipeline.Steps.Single().Target.Faults, Is.Zero);
    }

    [Test]
    public async Task A_hook_that_cancels_by_itself_has_failed(CancellationToken cancellationToken)
    {
        Add("1", new DelegateHook(_ => throw new OperationCanceledException()));
        var pipeline = Build();

        var result = await pipeline.RunAsync(Some.Message(), cancellationToken);

        Assert.That(
            (result.Outcomes.Single().Disposition, pipeline.Steps.Single().Target.Faults),
            Is.EqualTo((MessageDisposition.Sent, 1L)));
    }

    private static IEnumerable<TestCaseData> InvalidResults()
    {
        yield return new(null, "the hook returned null instead of a HookResult");
        yield return new(HookResult.Rewrite(""), "is not valid: it is empty");
        yield return new(HookResult.Rewrite("\r\n"), "is not valid: it is empty");
        yield return new(HookResult.Rewrite(new string('x', 101)), "it has 101 bytes; a message has at most 100");
        yield return new(HookResult.Emit("fine", ""), "is not valid: it is empty");
        yield return new(HookResult.Emit((OutgoingMessage)null!), "is not valid: it is empty");
    }

    private static DelegateHook Append(string suffix) => new(message => HookResult.Rewrite(message.Text + suffix));

    private static IReadOnlyList<string> Sent(RunResult result) =>
        [
            .. result.Outcomes.Where(
                outcome => outcome.Disposition == MessageDisposition.Sent).Select(outcome => outcome.Message.Text)];

    [Test]
    public async Task A_hook_that_takes_longer_than_its_budget_has_failed_and_what_it_answers_later_is_thrown_away(
        CancellationToken cancellationToken)
    {
        var slow = new HoldingHook();
        Add("slow", slow, new HookOptions { TimeBudget = TimeSpan.FromSeconds(1) });
        Add("next", Append("!"));

        var running = RunAsync(Some.Message("hi"), cancellationToken).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        var result = await running;
        slow.Release(HookResult.Rewrite("too late"));

        Assert.That(result.Outcomes.Single().Message.Text, Is.EqualTo("hi!"));
        Assert.That(
            _log.Lines.All.Single(),
            Does.Contain("slow").And.Contain("TimeoutException: it took longer than its time budget of 1 s"));
    }

    [Test]
    public async Task A_guard_that_takes_longer_than_the_servers_budget_blocks(CancellationToken cancellationToken)
    {
        _options.HookTimeBudget = TimeSpan.FromSeconds(2);
        var never = new TaskCompletionSource<Verdict>();
        AddGuard("never", new DelegateGuard(_ => new ValueTask<Verdict>(never.Task)));

        var running = RunAsync(Some.Message("hi"), cancellationToken).AsTask();
        _time.Advance(TimeSpan.FromSeconds(2));
        var result = await running;

        Assert.That(result.Outcomes.Single().Disposition, Is.EqualTo(MessageDisposition.Failed));
    }

    [Test]
    public async Task An_operators_budget_goes_before_the_hooks_own(CancellationToken cancellationToken)
    {
        _options.Hooks["slow"] = new HookOverride { TimeBudget = TimeSpan.FromSeconds(9) };
        var slow = new HoldingHook();
        Add("slow", slow, new HookOptions { TimeBudget = TimeSpan.FromSeconds(1) });

        var running = RunAsync(Some.Message("hi"), cancellationToken).AsTask();
        _time.Advance(TimeSpan.FromSeconds(8));
        slow.Release(HookResult.Rewrite("in time"));

        Assert.That((await running).Outcomes.Single().Message.Text, Is.EqualTo("in time"));
    }

    [Test]
    public async Task Hooks_that_split_cannot_make_more_than_64_lines_of_one(CancellationToken cancellationToken)
    {
        OutgoingMessage[] sixteen = [.. Enumerable.Repeat<OutgoingMessage>("again", 16)];
        Add("1", HookResult.Emit(sixteen));
        Add("2", HookResult.Emit(sixteen));

        var result = await RunAsync(Some.Message(), cancellationToken);

        Assert.That(result.Outcomes, Has.Count.EqualTo(64));
        Assert.That(
            result.Replies,
            Is.EqualTo(new[] { "The hooks made more than 64 lines of this one; the rest was not sent." }));
    }

    private sealed class StuckException(ManualResetEventSlim release) : Exception
    {
        public override string Message
        {
            get
            {
                release.Wait();
                return "late";
            }
        }
    }

    private sealed class OddException : Exception
    {
        public override string Message => throw new InvalidOperationException("even this fails");
    }

    private void Add(string owner, HookResult result) => Add(owner, new CollectingHook(result));

    private Registration Add(string owner, IMessageHook hook, HookOptions? options = null)
    {
        var registration = new Registration(owner, $"{owner}.dll");
        registration.Add(hook, options);
        _plugins.Add(registration);
        return registration;
    }

    private void AddGuard(string owner, IMessageGuard guard, HookOptions? options = null)
    {
        var registration = new Registration(owner, $"{owner}.dll");
        registration.Add(guard, options);
        _plugins.Add(registration);
    }

    private HookPipeline Build()
    {
        _options.Clock = _time;
        var settings = _options.ToSettings();
        var rooms = new RoomDirectory(new LogicalClock(), _time, settings.Log);
        using var metrics = new ChatMetrics(server: null);
        var table = new RegistrationTable(
            settings.Registrations, metrics, rooms, _watchdog, _time, _log.CreateLogger(""));
        foreach (var plugin in _plugins)
            _ = table.Swap(null, plugin);
        return table.Enter().Pipeline;
    }

    private ValueTask<RunResult> RunAsync(MessageContext message, CancellationToken cancellationToken) =>
        Build().RunAsync(message, cancellationToken);

    /// <summary>Hands out a pooled answer after its time, as code does that keeps a <see cref="ValueTask"/> too
    /// long.</summary>
    private sealed class Broken : IMessageHook, IValueTaskSource<HookResult>
    {
        public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
            new(this, token: 1);

        public ValueTaskSourceStatus GetStatus(short token) => throw new InvalidOperationException("used twice");

        public HookResult GetResult(short token) => throw new InvalidOperationException("used twice");

        public void OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags) => throw new InvalidOperationException("used twice");
    }
}

