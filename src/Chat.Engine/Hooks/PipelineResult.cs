using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>What became of one message: usually one outcome, several when a hook split it.</summary>
internal sealed class PipelineResult
{
    private List<string>? _replies;

    public List<MessageOutcome> Outcomes { get; } = new(1);

    /// <summary>What hooks tell the sender, in order.</summary>
    public IReadOnlyList<string> Replies => (IReadOnlyList<string>?)_replies ?? [];

    public void Add(MessageOutcome outcome) => Outcomes.Add(outcome);

    public void AddReplies(IReadOnlyList<string> replies)
    {
        if (replies.Count > 0)
            (_replies ??= []).AddRange(replies);
    }
}
