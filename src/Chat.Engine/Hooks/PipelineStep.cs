using System.Runtime.CompilerServices;

namespace Chat.Engine.Hooks;

/// <summary>A hook or guard in the pipeline: where and when it acts, and what happens if it fails.</summary>
internal abstract class PipelineStep(CallTarget target, HookOptions options)
{
    /// <summary>The maximum number of replies in one answer.</summary>
    private const int MaxReplies = 16;

    /// <summary>The maximum length of an answer's replies, reason and tags together, in characters; they are kept for
    /// <c>/why</c>.</summary>
    private const int MaxWords = 16_384;

    private readonly MessageOrigins _origins = options.Origins;
    private readonly bool _hasRooms = options.Rooms.Count > 0;

    public CallTarget Target { get; } = target;
    public HookIdentity Identity => Target.Identity;
    public string Id => Target.Identity.Id;
    public HookOptions Options { get; } = options;

    /// <summary>The label shown in traces.</summary>
    public StepLabel Label => new(Identity, IsGuard, IsShadow);

    /// <summary>The stage's name, as shown to users.</summary>
    public abstract string Stage { get; }

    public FailurePolicy OnFailure => Options.OnFailure ?? DefaultOnFailure;
    public abstract bool IsGuard { get; }

    /// <summary>Whether the step runs in shadow mode: it only reports what it would do.</summary>
    public bool IsShadow { get; } = options.Mode == HookMode.Shadow;

    /// <summary>The report of what the step would have done; <see langword="null"/> if it acts.</summary>
    public ShadowReport? Shadow { get; } =
        options.Mode == HookMode.Shadow ? new ShadowReport(target.ReportShadow) : null;

    protected abstract FailurePolicy DefaultOnFailure { get; }

    /// <summary>Returns whether the step acts on a message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AppliesTo(MessageContext message) =>
        (_origins & message.Origin) != 0
        && (message.Cause is null || message.Cause != Identity.Owner)
        && (!_hasRooms || (message.Recipient is null && MatchesRoom(message.Room)));

    /// <summary>Calls the hook or guard.</summary>
    /// <returns>The answer as a hook result, not yet checked. A guard's refusal becomes a rejection.</returns>
    public abstract ValueTask<HookResult> CallAsync(MessageContext message, CancellationToken cancellationToken);

    /// <summary>Validates an answer as strictly as user input.</summary>
    /// <returns>The problem; <see langword="null"/> if there is none.</returns>
    public abstract string? Problem(HookResult? answer);

    /// <summary>The reply to the sender if the message is not sent because the hook failed on it.</summary>
    public string Blocked => $"Not sent: the {Stage} {Id} failed on it. The operator can see why.";

    /// <summary>The reply to the sender if the message is not sent because the hook is disabled.</summary>
    public string Disabled =>
        $"Not sent: the {Stage} {Id} is disabled, and nothing is sent without it. The operator can see why.";

    /// <summary>Checks the size of everything in an answer besides the message itself.</summary>
    protected static string? ProblemWithWords(HookResult answer)
    {
        if (answer.Replies.Count > MaxReplies)
            return $"it returned {answer.Replies.Count} replies; the limit is {MaxReplies}";
        var length = answer.Action == HookAction.Reject ? answer.Text?.Length ?? 0L : 0;
        for (var index = 0; index < answer.Replies.Count; index++)
            length += answer.Replies[index]?.Length ?? 0;
        foreach (var tag in answer.Tags)
            length += tag.Key.Length + (tag.Value?.Length ?? 0);
        return length > MaxWords
            ? $"the replies, the reason and the tags it returned have {length} characters; the limit is {MaxWords}"
            : null;
    }

    private bool MatchesRoom(string room)
    {
        foreach (var pattern in Options.Rooms)
        {
            if (Wildcard.Matches(pattern, room))
                return true;
        }

        return false;
    }
}
