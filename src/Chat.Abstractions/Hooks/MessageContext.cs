using Chat.Events;

namespace Chat.Hooks;

/// <summary>One message on its way through the hooks: an immutable snapshot.</summary>
public sealed record MessageContext
{
    /// <summary>The line's number, unique within the server and rising.</summary>
    public long Id { get; init; }

    /// <summary>The room it is said in; empty for a private message.</summary>
    public string Room { get; init; } = "";

    /// <summary>The sender's nick.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The id of the sender's connection; empty when the host or a plugin speaks.</summary>
    public string ConnectionId { get; init; } = "";

    /// <summary>The recipient's nick for a private message, else <see langword="null"/>.</summary>
    public string? Recipient { get; init; }

    /// <summary>Whether it is said, emoted or whispered.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>Where it came from.</summary>
    public MessageOrigins Origin { get; init; } = MessageOrigins.Client;

    /// <summary>The id of the plugin that speaks, whose hooks will not see it; <see langword="null"/> when none does.</summary>
    public string? Cause { get; init; }

    /// <summary>How many lines of plugins led to this one: 0 for a person's line, 1 for a plugin's answer to it, 2 for another plugin's answer to that. At 8 it ends.</summary>
    public int Depth { get; init; }

    /// <summary>The text as it was typed.</summary>
    public string OriginalText { get; init; } = "";

    /// <summary>The text as the hooks so far have left it. One line, free of control characters.</summary>
    public string Text { get; init; } = "";

    /// <summary>What hooks have noted so far, keyed <c>hook-id:key</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;

    /// <summary>When the line arrived, by the server's clock; the same for lines that arrived together.</summary>
    public DateTimeOffset Time { get; init; }
}
