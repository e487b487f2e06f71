using System.Runtime.CompilerServices;

namespace Chat.Engine.Tracing;

/// <summary>Records how a line passes through the hooks. Written by the line's runner only and reused for other lines
/// later. A concurrent reader gets a copy, or nothing if the trace was being written (a sequence lock: Lameter, OLS
/// 2005).</summary>
/// <remarks>About a thousand traces are written in turn, so each has left the cache by the time it is reused. The
/// fields written for an unchanged line are therefore close together, apart from all others.</remarks>
internal sealed class LineTrace
{
    private Step[] _steps = new Step[8];
    private Detail[] _details = [];
    private LineOutcome[] _moreEnds = [];
    private LineOutcome _end;
    private int _stepCount, _detailCount, _endCount;
    private StepLabel[] _labels = [];
    private MessageContext? _message;
    private string? _text;
    private int _sequence;

    /// <summary>The number of the line; 0 if there is none.</summary>
    public long Id => _message?.Id ?? 0;

    /// <summary>The sender's nick.</summary>
    public string Sender => _message?.Nick ?? "";

    /// <summary>The sender's session; empty if the host or a plugin is the sender.</summary>
    public string SessionId => _message?.Sender.SessionId ?? "";

    /// <summary>Clears the trace and begins a new line.</summary>
    /// <param name="message">The line.</param>
    /// <param name="labels">The hooks and guards that the line passes through.</param>
    public void Begin(MessageContext message, StepLabel[] labels)
    {
        _sequence++;
#if NET
        Volatile.WriteBarrier();
#else
        Interlocked.MemoryBarrier();
#endif
        if (_detailCount > 0)
            Array.Clear(_details, 0, _detailCount);
        if (_endCount > 1)
            Array.Clear(_moreEnds, 0, _endCount - 1);
        _stepCount = _detailCount = _endCount = 0;
        if (!ReferenceEquals(_labels, labels))
            _labels = labels;
        _message = message;
        _text = message.Text;
    }

    /// <summary>Records a call that changed nothing.</summary>
    /// <param name="index">The index of the hook or guard.</param>
    /// <param name="ticks">The duration in ticks; -1 if it was not measured.</param>
    /// <param name="before">The message before the call.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int index, long ticks, MessageContext before)
    {
        if (ReferenceEquals(before.Text, _text))
            Append(index, ticks, StepVerdict.Pass);
        else
            Add(index, ticks, StepVerdict.Pass, before, null, null);
    }

    /// <summary>Records a call.</summary>
    /// <param name="index">The index of the hook or guard.</param>
    /// <param name="ticks">The duration in ticks; -1 if it was not measured.</param>
    /// <param name="verdict">The verdict of the call.</param>
    /// <param name="before">The message before the call.</param>
    /// <param name="result">The result; <see langword="null"/> if there is none.</param>
    /// <param name="note">The reason of a refusal, or the failure.</param>
    public void Add(int index, long ticks, StepVerdict verdict, MessageContext before, HookResult? result, string? note)
    {
        if (_detailCount == _details.Length)
            Array.Resize(ref _details, Math.Max(2, _details.Length * 2));

        // Most calls see the same text as the one before them, so it is recorded once.
        var changed = ReferenceEquals(before.Text, _text) ? null : before.Text;
        _text = before.Text;
        _details[_detailCount++] = new Detail(_stepCount, changed, result, note);
        Append(index, ticks, verdict);
    }

    /// <summary>Records an outcome.</summary>
    public void Add(in LineOutcome outcome)
    {
        if (_endCount == 0)
        {
            _end = outcome;
        }
        else
        {
            if (_endCount > _moreEnds.Length)
                Array.Resize(ref _moreEnds, _endCount * 2);
            _moreEnds[_endCount - 1] = outcome;
        }

        _endCount++;
    }

    /// <summary>Completes the line, so that it can be read.</summary>
    public void Complete() => Volatile.Write(ref _sequence, _sequence + 1);

    /// <summary>Returns a copy of the record.</summary>
    /// <returns><see langword="null"/> if the trace is being written.</returns>
    public LineExplanation? Explain()
    {
        var sequence = Volatile.Read(ref _sequence);
        if ((sequence & 1) != 0 || _message is not { } message)
            return null;
        var labels = _labels;
        var steps = Copy(_steps, _stepCount);
        var details = Copy(_details, _detailCount);
        LineOutcome[] ends = _endCount == 0 ? [] : [_end, .. Copy(_moreEnds, _endCount - 1)];
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sequence) != sequence)
            return null;
        return new LineExplanation(
            message.Id, message.Time, message.Nick, message.Room, message.Recipient, message.OriginalText,
            Steps(message.Text, steps, details, labels),
            [.. ends.Select(end => new LineEnd(end.Disposition, end.Message.Text, end.DecidedBy, end.Reason))]);
    }

    /// <summary>Copies the start of an array that may be replaced by a larger one concurrently.</summary>
    private static T[] Copy<T>(T[] from, int count) => from.AsSpan(0, Math.Min(count, from.Length)).ToArray();

    private static List<LineStep> Steps(string text, Step[] steps, Detail[] details, StepLabel[] labels)
    {
        List<LineStep> explained = [];
        var next = 0;
        for (var index = 0; index < steps.Length; index++)
        {
            var detail = next < details.Length && details[next].Step == index ? details[next++] : default;
            text = detail.Before ?? text;
            explained.Add(Explain(steps[index], detail, labels[steps[index].Index], text));
        }

        return explained;
    }

    private static LineStep Explain(Step step, Detail detail, StepLabel label, string before) => new(
        label.IsGuard ? "guard" : "hook", label.Identity.Id, label.Identity.Source, label.Identity.Version,
        step.Ticks < 0 ? null : TimeSpan.FromTicks(step.Ticks),
        label.IsGuard && step.Verdict == StepVerdict.Pass ? StepVerdict.Allow : step.Verdict, label.IsShadow, before,
        detail.After, detail.Note, detail.Result?.Replies ?? []);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(int index, long ticks, StepVerdict verdict)
    {
        if (_stepCount == _steps.Length)
            Grow();
        _steps[_stepCount++] = new Step(ticks, index, verdict);
    }

    private void Grow() => Array.Resize(ref _steps, _steps.Length * 2);

    /// <summary>One call.</summary>
    private readonly record struct Step(long Ticks, int Index, StepVerdict Verdict);

    /// <summary>The rest of a call's record, if it has any.</summary>
    private readonly record struct Detail(int Step, string? Before, HookResult? Result, string? Note)
    {
        public string? After => Result switch
        {
            { Action: HookAction.Rewrite } => CleanText.Line(Result.Text!),
            { Action: HookAction.Emit } =>
                string.Join(" | ", Result.Messages.Select(message => CleanText.Line(message.Text))),
            _ => null,
        };
    }
}
