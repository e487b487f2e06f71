using Chat.Events;

namespace Chat.Hooks;

/// <summary>The result of a hook. Immutable; instances come from this class only, so that nothing of a plugin outlives
/// the plugin.</summary>
/// <remarks>A synchronous hook can return it directly: it converts to a completed
/// <see cref="ValueTask{TResult}"/>.</remarks>
public sealed class HookResult
{
    private HookResult(HookAction action, string? text, IReadOnlyList<OutgoingMessage> messages)
    {
        Action = action;
        Text = text;
        Messages = messages;
    }

    /// <summary>Leaves the message unchanged.</summary>
    public static HookResult Pass { get; } = new(HookAction.Pass, null, []);

    /// <summary>Ends the message silently; not even the sender is told.</summary>
    public static HookResult Drop { get; } = new(HookAction.Drop, null, []);

    /// <summary>What the hook does with the message.</summary>
    public HookAction Action { get; }

    /// <summary>The new text of a rewrite or the reason of a rejection; otherwise <see langword="null"/>.</summary>
    public string? Text { get; }

    /// <summary>The replacement messages of <see cref="HookAction.Emit"/>; otherwise empty.</summary>
    public IReadOnlyList<OutgoingMessage> Messages { get; }

    /// <summary>The replies shown to the sender only, in order; often empty.</summary>
    public IReadOnlyList<string> Replies { get; private set; } = [];

    /// <summary>The tags to add to the message; often empty.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; private set; } = NoTags.Instance;

    /// <summary>Replaces the text.</summary>
    /// <param name="text">The new text: one line, validated like user input. If it is empty or too long, the hook has
    /// failed.</param>
    public static HookResult Rewrite(string text) =>
        new(HookAction.Rewrite, text ?? throw new ArgumentNullException(nameof(text)), []);

    /// <summary>Replaces the message with other messages, in order. Later hooks see each of them.</summary>
    /// <param name="messages">Up to 16 messages; none has the effect of <see cref="Drop"/>. A string converts to a
    /// message.</param>
    public static HookResult Emit(params OutgoingMessage[] messages) =>
        new(HookAction.Emit, null, [.. messages ?? throw new ArgumentNullException(nameof(messages))]);

    /// <summary>Refuses the message and tells the sender why.</summary>
    /// <param name="reason">The reason, shown to the sender only.</param>
    public static HookResult Reject(string reason) =>
        new(HookAction.Reject, reason ?? throw new ArgumentNullException(nameof(reason)), []);

    /// <summary>Converts a result to a completed task, so that a plain lambda can be a hook.</summary>
    /// <param name="result">The result.</param>
    public static implicit operator ValueTask<HookResult>(HookResult result) => new(result);

    /// <summary>Returns the result as a completed task.</summary>
    public ValueTask<HookResult> ToValueTask() => new(this);

    /// <summary>Returns a copy of the result that also replies to the sender.</summary>
    /// <param name="text">The reply, shown to the sender only. If a result has more than 16 replies, or more than 16384
    /// characters of replies, the hook has failed.</param>
    public HookResult Reply(string text) => new(Action, Text, Messages)
    {
        Replies = [.. Replies, text ?? throw new ArgumentNullException(nameof(text))],
        Tags = Tags,
    };

    /// <summary>Returns a copy of the result that also adds a tag to the message.</summary>
    /// <param name="key">The key; the host adds the hook's id as a prefix.</param>
    /// <param name="value">The value.</param>
    public HookResult Tag(string key, string value)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in Tags)
            tags[tag.Key] = tag.Value;
        tags[key ?? throw new ArgumentNullException(nameof(key))] =
            value ?? throw new ArgumentNullException(nameof(value));
        return new HookResult(Action, Text, Messages) { Replies = Replies, Tags = tags };
    }
}
