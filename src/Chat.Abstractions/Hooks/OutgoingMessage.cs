using Chat.Events;

namespace Chat.Hooks;

/// <summary>A message that a hook sends in place of the current one, with the same sender and to the same room or
/// recipient.</summary>
/// <param name="Text">One line, validated like user input.</param>
public sealed record OutgoingMessage(string Text)
{
    /// <summary>The kind of the message; <see langword="null"/> for the kind of the original.</summary>
    public MessageKind? Kind { get; init; }

    /// <summary>Creates a message from a text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator OutgoingMessage(string text) => new(text);

    /// <summary>Creates a message from a text.</summary>
    /// <param name="text">The text.</param>
    public static OutgoingMessage FromString(string text) => new(text);
}
