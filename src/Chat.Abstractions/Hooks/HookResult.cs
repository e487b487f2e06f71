using Chat.Events;

namespace Chat.Hooks;

/// <summary>What a hook decides about a message. Immutable and made only here, so that nothing of a plugin outlives it.</summary>
/// <remarks>A synchronous hook returns it as it is: it converts to a completed <see cref="ValueTask{TResult}"/>.</remarks>
public sealed class HookResult
{
    private HookResult(HookAction action, string? text, IReadOnlyList<OutgoingMessage> messages)
    {
        Action = action;
        Text = text;
        Messages = messages;
    }

    /// <summary>Leaves the message as it is.</summary>
    public static HookResult Pass { get; } = new(HookAction.Pass, null, []);

    /// <summary>Ends the message in silence; not even the sender is told.</summary>
    public static HookResult Drop { get; } = new(HookAction.Drop, null, []);

    /// <summary>Which of the five decisions this is.</summary>
    public HookAction Action { get; }

    /// <summary>The new text of a rewrite or the reason of a rejection, else <see langword="null"/>.</summary>
    public string? Text { get; }

    /// <summary>The messages to send instead, for <see cref="HookAction.Emit"/>; else empty.</summary>
    public IReadOnlyList<OutgoingMessage> Messages { get; }

    /// <summary>What to tell the sender alone, in order; empty for most results.</summary>
    public IReadOnlyList<string> Replies { get; private set; } = [];

    /// <summary>What to note on the message; empty for most results.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; private set; } = NoTags.Instance;

    /// <summary>Replaces the text.</summary>
    /// <param name="text">The new text: one line; checked as user input is. Too long or empty counts as a fault of the hook.</param>
    public static HookResult Rewrite(string text) => new(HookAction.Rewrite, text ?? throw new ArgumentNullException(nameof(text)), []);

    /// <summary>Sends these messages, in order, instead of the one at hand. Later hooks see each of them.</summary>
    /// <param name="messages">From none (as <see cref="Drop"/>) to 16; a plain string will do for each.</param>
    public static HookResult Emit(params OutgoingMessage[] messages) =>
        new(HookAction.Emit, null, [.. messages ?? throw new ArgumentNullException(nameof(messages))]);

    /// <summary>Refuses the message; the sender alone is told why.</summary>
    /// <param name="reason">What the sender reads.</param>
    public static HookResult Reject(string reason) => new(HookAction.Reject, reason ?? throw new ArgumentNullException(nameof(reason)), []);

    /// <summary>Makes a result an already completed task, so that a plain lambda can be a hook.</summary>
    /// <param name="result">The result.</param>
    public static implicit operator ValueTask<HookResult>(HookResult result) => new(result);

    /// <summary>The same result as a completed task.</summary>
    public ValueTask<HookResult> ToValueTask() => new(this);

    /// <summary>The same decision that also tells the sender something.</summary>
    /// <param name="text">What the sender alone reads. More than 16 replies, or more than 16384 characters in all, count as a fault of the hook.</param>
    public HookResult Reply(string text) => new(Action, Text, Messages)
    {
        Replies = [.. Replies, text ?? throw new ArgumentNullException(nameof(text))],
        Tags = Tags,
    };

    /// <summary>The same decision that also notes something on the message.</summary>
    /// <param name="key">The key; the host prefixes it with the hook's id.</param>
    /// <param name="value">The value.</param>
    public HookResult Tag(string key, string value)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in Tags)
            tags[tag.Key] = tag.Value;
        tags[key ?? throw new ArgumentNullException(nameof(key))] = value ?? throw new ArgumentNullException(nameof(value));
        return new HookResult(Action, Text, Messages) { Replies = Replies, Tags = tags };
    }
}
