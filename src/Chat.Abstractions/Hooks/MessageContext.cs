using Chat.Events;

namespace Chat.Hooks;

/// <summary>One message on its way through the hooks. An immutable snapshot.</summary>
public sealed record MessageContext
{
    private static readonly Sender _nobody = new("", "");

    /// <summary>The line's number, unique within the server and increasing.</summary>
    public long Id { get; init; }

    /// <summary>The room; empty for a private message.</summary>
    public string Room { get; init; } = "";

    /// <summary>The sender; its session id is empty if the host or a plugin is the sender.</summary>
    public Sender Sender { get; init; } = _nobody;

    /// <summary>The sender's nick.</summary>
    public string Nick => Sender.Nick;

    /// <summary>The recipient's nick for a private message; otherwise <see langword="null"/>.</summary>
    public string? Recipient { get; init; }

    /// <summary>Whether the message is said, emoted or whispered.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>Whether the message comes from a client, the host or a plugin.</summary>
    public MessageOrigins Origin { get; init; } = MessageOrigins.Client;

    /// <summary>The id of the plugin that is the sender, whose own hooks do not see the message; <see langword="null"/>
    /// if no plugin is the sender.</summary>
    public string? Cause { get; init; }

    /// <summary>The number of plugin messages that led to this one: 0 for a person's message, 1 for a plugin's answer
    /// to it, 2 for another plugin's answer to that. Deeper messages than 8 are not sent.</summary>
    public int Depth { get; init; }

    /// <summary>The text as typed.</summary>
    public string OriginalText { get; init; } = "";

    /// <summary>The text as left by the hooks so far. One line without control characters.</summary>
    public string Text { get; init; } = "";

    /// <summary>The tags added by hooks so far, with keys of the form <c>hook-id:key</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;

    /// <summary>When the line arrived, by the server's clock; the same for lines that arrived together.</summary>
    public DateTimeOffset Time { get; init; }
}
