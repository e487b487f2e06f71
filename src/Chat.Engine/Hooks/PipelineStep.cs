using System.Runtime.CompilerServices;
using Chat.Engine.Isolation.Targets;
using Chat.Engine.Tracing;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>One hook or guard bound into the order: where and when it acts, what happens when it fails.</summary>
internal abstract class PipelineStep(CallTarget target, HookOptions options)
{
    /// <summary>How many replies one answer may have.</summary>
    private const int MaxReplies = 16;

    /// <summary>How many characters of replies, reasons and tags one answer may have: they are kept for <c>/why</c>.</summary>
    private const int MaxWords = 16_384;

    private readonly MessageOrigins _origins = options.Origins;
    private readonly bool _hasRooms = options.Rooms.Count > 0;

    public CallTarget Target { get; } = target;

    public HookIdentity Identity => Target.Identity;

    public string Id => Target.Identity.Id;

    public HookOptions Options { get; } = options;

    /// <summary>What a trace keeps of it.</summary>
    public StepLabel Label => new(Identity, IsGuard, IsShadow);

    /// <summary>The stage's name, as shown to people.</summary>
    public abstract string Stage { get; }

    public FailurePolicy OnFailure => Options.OnFailure ?? DefaultOnFailure;

    /// <summary>Whether it is a guard.</summary>
    public abstract bool IsGuard { get; }

    /// <summary>Whether it only shows what it would do.</summary>
    public bool IsShadow { get; } = options.Mode == HookMode.Shadow;

    /// <summary>What it would have done; <see langword="null"/> when it acts.</summary>
    public ShadowReport? Shadow { get; } = options.Mode == HookMode.Shadow ? new ShadowReport(target.ReportShadow) : null;

    protected abstract FailurePolicy DefaultOnFailure { get; }

    /// <summary>Whether the binding wants to see this message at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AppliesTo(MessageContext message) =>
        (_origins & message.Origin) != 0
        && (message.Cause is null || message.Cause != Identity.Owner)
        && (!_hasRooms || (message.Recipient is null && MatchesRoom(message.Room)));

    /// <summary>Calls it.</summary>
    /// <returns>What it answers, as a hook would: a guard that denies rejects. Not checked yet.</returns>
    public abstract ValueTask<HookResult> CallAsync(MessageContext message, CancellationToken cancellationToken);

    /// <summary>Checks an answer as user input is checked.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> when nothing is.</returns>
    public abstract string? Problem(HookResult? answer);

    /// <summary>What the sender is told when the hook has failed on their message and it is not sent for that.</summary>
    public string Blocked => $"Not sent: the {Stage} {Id} failed on it. The operator can see why.";

    /// <summary>What the sender is told while the hook is disabled and nothing may pass without it.</summary>
    public string Disabled => $"Not sent: the {Stage} {Id} is disabled, and nothing is sent without it. The operator can see why.";

    /// <summary>Checks what is told and kept besides the message itself.</summary>
    protected static string? ProblemWithWords(HookResult answer)
    {
        if (answer.Replies.Count > MaxReplies)
            return $"it returned {answer.Replies.Count} replies; the limit is {MaxReplies}";
        var length = answer.Action == HookAction.Reject ? answer.Text?.Length ?? 0L : 0;
        for (var index = 0; index < answer.Replies.Count; index++)
            length += answer.Replies[index]?.Length ?? 0;
        foreach (var tag in answer.Tags)
            length += tag.Key.Length + (tag.Value?.Length ?? 0);
        return length > MaxWords ? $"the replies, the reason and the tags it returned have {length} characters; the limit is {MaxWords}" : null;
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
