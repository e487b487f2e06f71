using System.Runtime.CompilerServices;

namespace Chat.Engine.Hooks;

/// <summary>The state of one line on its way through the hooks, and its outcomes. It holds everything needed to
/// continue, so if the line's runner is stuck in a hook, another runner can take over. Owned by the holder of the
/// lease; reused for all lines of one sender.</summary>
internal sealed class PipelineRun
{
    /// <summary>The limit on outcomes of one line: hooks that split messages multiply each other.</summary>
    private const int MaxOutcomes = 64;

    /// <summary>If lines arrive faster than the coarse clock ticks, one line in this many is timed.</summary>
    private const int TimedShare = 256;

    /// <summary>The shift from 100 ns ticks to ticks of the coarse clock, 3.3 ms each.</summary>
    private const int CoarseShift = 15;

    private readonly Stack<(MessageContext Message, int Index)> _pending = new();
    private readonly List<LineOutcome> _outcomes = new(1);
    private readonly List<ChatEvent> _replies = [];
    private readonly CallTally _tally = new();
    private readonly FlightRecorder? _recorder;
    private readonly TimeProvider _clock;
    private LineTrace? _trace;
    private MessageContext? _message;
    private long _stamp;
    private long _lastTick;
    private int _untimed;
    private bool _isTimed;
    private bool _hasToldLimit;

    public PipelineRun(FlightRecorder? recorder, TimeProvider clock)
    {
        _recorder = recorder;
        _clock = clock;
    }

    /// <summary>The pipeline that the line goes through.</summary>
    public HookPipeline Pipeline { get; private set; } = HookPipeline.Empty;

    /// <summary>The current message, as the hooks so far have left it.</summary>
    public MessageContext Message => _message!;

    /// <summary>The index of the next hook or guard.</summary>
    public int Index { get; set; }

    /// <summary>Whether no message is left to process.</summary>
    public bool IsDone => _message is null;

    /// <summary>The line's outcomes: usually one, several if a hook split it.</summary>
    public List<LineOutcome> Outcomes => _outcomes;

    /// <summary>The replies to the sender, in order.</summary>
    public List<ChatEvent> Replies => _replies;

    /// <summary>Starts a line and discards the previous one.</summary>
    public void Begin(MessageContext message, HookPipeline pipeline)
    {
        Pipeline = pipeline;
        _message = message;
        Index = 0;
        _hasToldLimit = false;
        _tally.Begin(pipeline.Statistics);
        if (_recorder is not null)
            (_trace ??= new LineTrace()).Begin(message, pipeline.Labels);

        // Reading a precise clock costs more than a fast hook. People do not type faster than the coarse clock ticks;
        // floods are sampled.
        var tick = message.Time.UtcTicks >> CoarseShift;
        _isTimed = tick != _lastTick || ++_untimed >= TimedShare;
        _lastTick = tick;
        if (_isTimed)
            _untimed = 0;
    }

    /// <summary>Starts the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StartCall()
    {
        _tally.Called(Index);
        if (_isTimed)
            _stamp = _clock.GetTimestamp();
    }

    /// <summary>Records that the call did not complete synchronously. An untimed call is timed from here.</summary>
    public void StartWaiting()
    {
        if (!_isTimed)
            _stamp = _clock.GetTimestamp();
        _isTimed = true;
    }

    /// <summary>Moves on after a hook or guard that passed the message: the most frequent case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pass(PipelineStep step)
    {
        var took = _isTimed ? Took(step) : -1;
        _trace?.Add(Index, took, _message!);
        step.Shadow?.Seen(null);
        Index++;
    }

    /// <summary>Applies the answer of a hook or guard.</summary>
    /// <param name="step">The hook or guard.</param>
    /// <param name="answer">Its answer, already checked.</param>
    public void Apply(PipelineStep step, HookResult answer)
    {
        var before = _message!;
        var refusal = answer.Action == HookAction.Reject ? answer.Text : null;
        _trace?.Add(Index, Took(step), VerdictOf(step, answer.Action), before, answer, refusal);
        if (step.Shadow is { } shadow)
        {
            shadow.Seen(Difference(before, answer));
            Index++;
            return;
        }

        if (answer.Replies.Count > 0)
            _replies.AddRange(answer.Replies.Select(reply => new Notice(reply)));
        if (answer.Tags.Count > 0)
            _message = Tag(before, step.Id, answer.Tags);
        switch (answer.Action)
        {
            case HookAction.Rewrite:
                _message = _message! with { Text = CleanText.Line(answer.Text!) };
                Index++;
                break;
            case HookAction.Emit when answer.Messages.Count > 0:
                for (var each = answer.Messages.Count - 1; each >= 0; each--)
                {
                    var outgoing = answer.Messages[each];
                    var kind = KindOf(outgoing, before);
                    _pending.Push((_message! with { Text = CleanText.Line(outgoing.Text), Kind = kind }, Index + 1));
                }

                Next();
                break;
            case HookAction.Emit or HookAction.Drop:
                End(MessageDisposition.Dropped, step.Id, null);
                break;
            case HookAction.Reject:
                End(MessageDisposition.Rejected, step.Id, answer.Text);
                break;
            default:
                Index++;
                break;
        }
    }

    /// <summary>Applies the failure policy of a hook or guard that has failed.</summary>
    public void Fail(PipelineStep step, StepVerdict verdict, string fault)
    {
        _trace?.Add(Index, Took(step), verdict, _message!, null, fault);
        if (step.OnFailure == FailurePolicy.Block && !step.IsShadow)
            End(MessageDisposition.Failed, step.Id, step.Blocked);
        else
            Index++;
    }

    /// <summary>Skips a disabled hook or guard, or blocks the message if its failure policy requires that.</summary>
    public void PassBy(PipelineStep step)
    {
        _trace?.Add(Index, -1, StepVerdict.Disabled, _message!, null, null);
        if (step.OnFailure == FailurePolicy.Block && !step.IsShadow)
            End(MessageDisposition.Failed, step.Id, step.Disabled);
        else
            Index++;
    }

    /// <summary>Marks the current message as sent: it has passed every hook and guard.</summary>
    public void Send() => End(MessageDisposition.Sent, null, null);

    /// <summary>Records that a message could not be delivered.</summary>
    /// <param name="index">The index of its outcome.</param>
    /// <param name="refusal">Why, as told to the sender.</param>
    public void Undelivered(int index, Refused refusal) =>
        _outcomes[index] = _outcomes[index] with { Disposition = MessageDisposition.Rejected, Refusal = refusal };

    /// <summary>Completes the line once all its messages are sent: adds refusals after the hooks' own replies and keeps
    /// the trace.</summary>
    public void Complete()
    {
        foreach (var outcome in _outcomes)
        {
            if (outcome.Refusal is { } refusal)
                _replies.Add(refusal);
            _trace?.Add(outcome);
        }

        if (_trace is not null)
            _trace = _recorder!.Keep(_trace);
        if (_isTimed)
            _tally.Flush();
    }

    /// <summary>Flushes the call counts. Called when the sender has no more lines for now.</summary>
    public void Rest() => _tally.Flush();

    /// <summary>Releases the line, so that nothing of it is kept while the sender is silent.</summary>
    public void Clear()
    {
        _outcomes.Clear();
        if (_replies.Count > 0)
            _replies.Clear();
        _message = null;
        Pipeline = HookPipeline.Empty;
    }

    private static StepVerdict VerdictOf(PipelineStep step, HookAction action) => (step.IsGuard, action) switch
    {
        (true, HookAction.Reject) => StepVerdict.Deny,
        (true, _) => StepVerdict.Allow,
        (_, HookAction.Rewrite) => StepVerdict.Rewrite,
        (_, HookAction.Emit) => StepVerdict.Emit,
        (_, HookAction.Drop) => StepVerdict.Drop,
        (_, HookAction.Reject) => StepVerdict.Reject,
        _ => StepVerdict.Pass,
    };

    private static string? Difference(MessageContext before, HookResult answer) => answer.Action switch
    {
        HookAction.Rewrite when CleanText.Line(answer.Text!) is var after && after != before.Text =>
            $"{before.Text} → {after}",
        HookAction.Emit =>
            $"{before.Text} → {string.Join(" | ", answer.Messages.Select(message => CleanText.Line(message.Text)))}",
        HookAction.Drop => $"{before.Text} → dropped",
        HookAction.Reject => $"{before.Text} → refused: {answer.Text}",
        _ => null,
    };

    /// <summary>Returns the kind of an emitted message. A whisper stays a whisper and a room's line stays in the room,
    /// whatever the hook asked for.</summary>
    private static MessageKind KindOf(OutgoingMessage outgoing, MessageContext message) =>
        message.Kind == MessageKind.Whisper || outgoing.Kind is null or MessageKind.Whisper
            ? message.Kind
            : outgoing.Kind.Value;

    private static MessageContext Tag(MessageContext message, string hookId, IReadOnlyDictionary<string, string> tags)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in message.Tags)
            all[tag.Key] = tag.Value;
        foreach (var tag in tags)
            all[$"{hookId}:{tag.Key}"] = tag.Value;
        return message with { Tags = all };
    }

    /// <returns>The duration of the call in ticks; -1 if it was not timed.</returns>
    private long Took(PipelineStep step)
    {
        if (!_isTimed)
            return -1;
        var took = _clock.GetElapsedTime(_stamp);
        step.Target.Took(took);

        // Lines that arrive together share one coarse tick. After a slow hook, the next line is timed anyway.
        if (took.Ticks >> CoarseShift > 0)
            _lastTick = 0;
        return took.Ticks;
    }

    private void End(MessageDisposition disposition, string? decidedBy, string? reason)
    {
        var code = disposition == MessageDisposition.Failed ? RefusalCode.HookFailed : RefusalCode.Rejected;
        var refusal = reason is null ? null : new Refused(code, reason);
        _outcomes.Add(new LineOutcome(_message!, disposition, decidedBy, refusal));
        Next();
    }

    /// <summary>Moves to the next message of a split line, unless the limit on outcomes is reached.</summary>
    private void Next()
    {
        _message = null;
        if (_pending.Count == 0)
            return;
        if (_outcomes.Count < MaxOutcomes)
        {
            (_message, Index) = _pending.Pop();
            return;
        }

        if (!_hasToldLimit)
            _replies.Add(new Notice(
                $"The hooks made more than {MaxOutcomes} lines of this one; the rest was not sent."));
        _hasToldLimit = true;
        _pending.Clear();
    }
}
