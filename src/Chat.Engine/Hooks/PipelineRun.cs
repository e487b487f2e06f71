using System.Runtime.CompilerServices;
using Chat.Engine.Protocols;
using Chat.Engine.Tracing;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>
/// One line on its way through the hooks: where it stands and what has come of it. All that is needed to go on with it is here, so when
/// its runner is stuck in a hook, another one can. Belongs to whoever holds the lease; reused for the lines of one sender.
/// </summary>
internal sealed class PipelineRun
{
    /// <summary>Several hooks that split messages multiply: this is where it ends.</summary>
    private const int MaxOutcomes = 64;

    /// <summary>Of lines that come faster than the coarse clock ticks, one in so many is timed.</summary>
    private const int TimedShare = 256;

    /// <summary>By how many bits ticks of 100 ns are cut to those of the coarse clock: 3.3 ms each.</summary>
    private const int CoarseShift = 15;

    private readonly Stack<(MessageContext Message, int Index)> _pending = new();
    private readonly List<LineOutcome> _outcomes = new(1);
    private readonly List<string> _replies = [];
    private readonly CallTally _tally = new();
    private readonly FlightRecorder? _recorder;
    private readonly TimeProvider _clock;
    private LineTrace? _trace;
    private MessageContext? _message;
    private long _stamp;
    private long _lastTick;
    private int _untimed;
    private bool _isTimed;
    private bool _saidFull;

    public PipelineRun(FlightRecorder? recorder, TimeProvider clock)
    {
        _recorder = recorder;
        _clock = clock;
    }

    /// <summary>The hooks it goes through.</summary>
    public HookPipeline Pipeline { get; private set; } = HookPipeline.Empty;

    /// <summary>The message at hand, as the hooks so far have left it.</summary>
    public MessageContext Message => _message!;

    /// <summary>Which hook or guard comes next.</summary>
    public int Index { get; set; }

    /// <summary>Whether nothing is left to be run.</summary>
    public bool IsDone => _message is null;

    /// <summary>What became of it: usually one outcome, several when a hook split it.</summary>
    public List<LineOutcome> Outcomes => _outcomes;

    /// <summary>What to tell the sender, in order.</summary>
    public List<string> Replies => _replies;

    /// <summary>Begins with a line, forgetting the last one.</summary>
    public void Begin(MessageContext message, HookPipeline pipeline)
    {
        Pipeline = pipeline;
        _message = message;
        Index = 0;
        _saidFull = false;
        _tally.Begin(pipeline.Statistics);
        if (_recorder is not null)
            (_trace ??= new LineTrace()).Begin(message, pipeline.Labels);

        // Reading a precise clock costs more than a quick hook. People do not type faster than the coarse one ticks; who floods is sampled.
        var tick = message.Time.UtcTicks >> CoarseShift;
        _isTimed = tick != _lastTick || ++_untimed >= TimedShare;
        _lastTick = tick;
        if (_isTimed)
            _untimed = 0;
    }

    /// <summary>The next call begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StartCall()
    {
        _tally.Called(Index);
        if (_isTimed)
            _stamp = _clock.GetTimestamp();
    }

    /// <summary>The call is being waited for: it is timed from here if it was not.</summary>
    public void StartWaiting()
    {
        if (!_isTimed)
            _stamp = _clock.GetTimestamp();
        _isTimed = true;
    }

    /// <summary>A hook or guard has nothing to say: what most of them do with most lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pass(PipelineStep binding)
    {
        var took = _isTimed ? Took(binding) : -1;
        _trace?.Add(Index, took, _message!);
        binding.Shadow?.Seen(null);
        Index++;
    }

    /// <summary>Takes in what a hook or guard has answered.</summary>
    /// <param name="binding">The hook or guard.</param>
    /// <param name="answer">Its answer, checked.</param>
    public void Apply(PipelineStep binding, HookResult answer)
    {
        var before = _message!;
        _trace?.Add(Index, Took(binding), VerdictOf(binding, answer.Action), before, answer, answer.Action == HookAction.Reject ? answer.Text : null);
        if (binding.Shadow is { } shadow)
        {
            shadow.Seen(Difference(before, answer));
            Index++;
            return;
        }

        if (answer.Replies.Count > 0)
            _replies.AddRange(answer.Replies);
        if (answer.Tags.Count > 0)
            _message = Tag(before, binding.Id, answer.Tags);
        switch (answer.Action)
        {
            case HookAction.Rewrite:
                _message = _message! with { Text = CleanText.Line(answer.Text!) };
                Index++;
                break;
            case HookAction.Emit when answer.Messages.Count > 0:
                for (var each = answer.Messages.Count - 1; each >= 0; each--)
                    _pending.Push((_message! with { Text = CleanText.Line(answer.Messages[each].Text), Kind = KindOf(answer.Messages[each], before) }, Index + 1));
                Next();
                break;
            case HookAction.Emit or HookAction.Drop:
                End(MessageDisposition.Dropped, binding.Id, null);
                break;
            case HookAction.Reject:
                End(MessageDisposition.Rejected, binding.Id, answer.Text);
                break;
            default:
                Index++;
                break;
        }
    }

    /// <summary>Goes on as the failure policy of a hook or guard has it, which has just failed.</summary>
    public void Fail(PipelineStep binding, StepVerdict verdict, string fault)
    {
        _trace?.Add(Index, Took(binding), verdict, _message!, null, fault);
        if (binding.OnFailure == FailurePolicy.Block && !binding.IsShadow)
            End(MessageDisposition.Failed, binding.Id, binding.Blocked);
        else
            Index++;
    }

    /// <summary>Goes past a hook or guard that is disabled, unless nothing may pass without it.</summary>
    public void PassBy(PipelineStep binding)
    {
        _trace?.Add(Index, -1, StepVerdict.Disabled, _message!, null, null);
        if (binding.OnFailure == FailurePolicy.Block && !binding.IsShadow)
            End(MessageDisposition.Failed, binding.Id, binding.Disabled);
        else
            Index++;
    }

    /// <summary>The message at hand has passed everything.</summary>
    public void Send() => End(MessageDisposition.Sent, null, null);

    /// <summary>A message that was to be sent could not be delivered.</summary>
    /// <param name="index">Which outcome.</param>
    /// <param name="reason">Why.</param>
    public void Undelivered(int index, string reason) =>
        _outcomes[index] = _outcomes[index] with { Disposition = MessageDisposition.Rejected, Reason = reason };

    /// <summary>All that was to be sent has been: the refusals are told after the hooks' own replies, and the trace is kept.</summary>
    public void Complete()
    {
        foreach (var outcome in _outcomes)
        {
            if (outcome.Reason is { } reason)
                _replies.Add(reason);
            _trace?.Add(outcome);
        }

        if (_trace is not null)
            _trace = _recorder!.Keep(_trace);
        if (_isTimed)
            _tally.Flush();
    }

    /// <summary>The sender has nothing more to say for now: what is known of their calls is told.</summary>
    public void Rest() => _tally.Flush();

    /// <summary>Lets go of the line, so that nothing of it is kept while the sender is silent.</summary>
    public void Clear()
    {
        _outcomes.Clear();
        if (_replies.Count > 0)
            _replies.Clear();
        _message = null;
        Pipeline = HookPipeline.Empty;
    }

    private static StepVerdict VerdictOf(PipelineStep binding, HookAction action) => (binding.IsGuard, action) switch
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
        HookAction.Rewrite when CleanText.Line(answer.Text!) is var after && after != before.Text => $"{before.Text} → {after}",
        HookAction.Emit => $"{before.Text} → {string.Join(" | ", answer.Messages.Select(message => CleanText.Line(message.Text)))}",
        HookAction.Drop => $"{before.Text} → dropped",
        HookAction.Reject => $"{before.Text} → refused: {answer.Text}",
        _ => null,
    };

    /// <summary>A whisper stays a whisper and a room's line stays in the room, whatever the hook asked for.</summary>
    private static MessageKind KindOf(OutgoingMessage outgoing, MessageContext message) =>
        message.Kind == MessageKind.Whisper || outgoing.Kind is null or MessageKind.Whisper ? message.Kind : outgoing.Kind.Value;

    private static MessageContext Tag(MessageContext message, string hookId, IReadOnlyDictionary<string, string> tags)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in message.Tags)
            all[tag.Key] = tag.Value;
        foreach (var tag in tags)
            all[$"{hookId}:{tag.Key}"] = tag.Value;
        return message with { Tags = all };
    }

    /// <returns>How long the call took, in ticks; -1 when it was not timed.</returns>
    private long Took(PipelineStep binding)
    {
        if (!_isTimed)
            return -1;
        var took = _clock.GetElapsedTime(_stamp);
        binding.Target.Took(took);

        // Lines that arrive together have one time between them: behind a slow hook the next is timed nevertheless.
        if (took.Ticks >> CoarseShift > 0)
            _lastTick = 0;
        return took.Ticks;
    }

    private void End(MessageDisposition disposition, string? decidedBy, string? reason)
    {
        _outcomes.Add(new LineOutcome(_message!, disposition, decidedBy, reason));
        Next();
    }

    /// <summary>Goes on to the next of the messages that the line was split into, if there is room for one more.</summary>
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

        if (!_saidFull)
            _replies.Add($"The hooks made more than {MaxOutcomes} lines of this one; the rest was not sent.");
        _saidFull = true;
        _pending.Clear();
    }
}
