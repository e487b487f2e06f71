using Chat.Engine.Hooks;
using Chat.Hooks;

namespace Chat.Engine.Tracing;

/// <summary>
/// What is noted of one line while it goes through the hooks. Written by the line's runner alone and reused for other lines later; who reads
/// it meanwhile gets a copy, or nothing if it was written to at that moment (a sequence lock: Lameter, OLS 2005).
/// </summary>
internal sealed class LineTrace
{
    private Step[] _steps = new Step[8];
    private LineOutcome[] _ends = new LineOutcome[1];
    private int _stepCount, _endCount;
    private MessageContext? _message;
    private int _sequence;

    /// <summary>The line's number; 0 for none.</summary>
    public long Id => _message?.Id ?? 0;

    /// <summary>The sender's connection; empty when the host or a plugin spoke.</summary>
    public string ConnectionId => _message?.ConnectionId ?? "";

    /// <summary>Forgets what was and begins with a line.</summary>
    public void Begin(MessageContext message)
    {
        Volatile.Write(ref _sequence, _sequence + 1);
        Interlocked.MemoryBarrier();
        Array.Clear(_steps, 0, _stepCount);
        Array.Clear(_ends, 0, _endCount);
        _stepCount = _endCount = 0;
        _message = message;
    }

    /// <summary>Notes one call.</summary>
    public void Add(HookBinding binding, long ticks, StepVerdict verdict, MessageContext before, HookResult? result, string? note)
    {
        if (_stepCount == _steps.Length)
            Array.Resize(ref _steps, _steps.Length * 2);
        ref var step = ref _steps[_stepCount++];
        step.Identity = binding.Identity;
        step.IsGuard = binding is GuardBinding;
        step.IsShadow = binding.IsShadow;
        step.Ticks = ticks;
        step.Verdict = verdict;
        step.Before = before.Text;
        step.Result = result;
        step.Note = note;
    }

    /// <summary>Notes an end.</summary>
    public void Add(in LineOutcome outcome)
    {
        if (_endCount == _ends.Length)
            Array.Resize(ref _ends, _ends.Length * 2);
        _ends[_endCount++] = outcome;
    }

    /// <summary>The line is done with; who reads now may have it.</summary>
    public void Complete() => Volatile.Write(ref _sequence, _sequence + 1);

    /// <summary>What is noted, as a copy.</summary>
    /// <returns><see langword="null"/> when it is being written to.</returns>
    public LineExplanation? Explain()
    {
        var sequence = Volatile.Read(ref _sequence);
        if ((sequence & 1) != 0 || _message is not { } message)
            return null;
        var steps = _steps.AsSpan(0, Math.Min(_stepCount, _steps.Length)).ToArray();
        var ends = _ends.AsSpan(0, Math.Min(_endCount, _ends.Length)).ToArray();
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sequence) != sequence)
            return null;
        return new LineExplanation(
            message.Id, message.Time, message.Sender, message.Room, message.Recipient, message.OriginalText,
            [.. steps.Select(step => step.ToPublic())],
            [.. ends.Select(end => new LineEnd(end.Disposition, end.Message.Text, end.DecidedBy, end.Reason))]);
    }

    private struct Step
    {
        public HookIdentity Identity;
        public bool IsGuard, IsShadow;
        public long Ticks;
        public StepVerdict Verdict;
        public string Before;
        public HookResult? Result;
        public string? Note;

        public readonly LineStep ToPublic() => new(
            IsGuard ? "guard" : "hook", Identity.Id, Identity.Source, Identity.Version, Ticks < 0 ? null : TimeSpan.FromTicks(Ticks), Verdict, IsShadow, Before, After, Note, Result?.Replies ?? []);

        private readonly string? After => Result switch
        {
            { Action: HookAction.Rewrite } => Protocols.CleanText.Line(Result.Text!),
            { Action: HookAction.Emit } => string.Join(" | ", Result.Messages.Select(message => Protocols.CleanText.Line(message.Text))),
            _ => null,
        };
    }
}
