using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>What became of one message: usually one outcome, several when a hook split it.</summary>
internal sealed class PipelineResult
{
    /// <summary>Several hooks that split messages multiply: this is where it ends.</summary>
    private const int MaxOutcomes = 64;

    private List<string>? _replies;
    private bool _saidFull;

    public List<MessageOutcome> Outcomes { get; } = new(1);

    /// <summary>What hooks tell the sender, in order.</summary>
    public IReadOnlyList<string> Replies => (IReadOnlyList<string>?)_replies ?? [];

    /// <summary>Whether the line may become one more; if not, the sender is told so, once.</summary>
    public bool HasRoom()
    {
        if (Outcomes.Count < MaxOutcomes)
            return true;
        if (!_saidFull)
            AddReplies([$"The hooks made more than {MaxOutcomes} lines of this one; the rest was not sent."]);
        _saidFull = true;
        return false;
    }

    public void Add(MessageOutcome outcome) => Outcomes.Add(outcome);

    public void AddReplies(IReadOnlyList<string> replies)
    {
        if (replies.Count > 0)
            (_replies ??= []).AddRange(replies);
    }
}
