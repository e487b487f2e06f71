namespace Chat.Hooks;

/// <summary>One message a hook sends in place of the one it was given; same sender, same room.</summary>
/// <param name="Text">One line; checked as user input is.</param>
public sealed record OutgoingMessage(string Text)
{
    /// <summary>How it is spoken; <see langword="null"/> as the original was.</summary>
    public MessageKind? Kind { get; init; }

    /// <summary>Makes a message of a plain text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator OutgoingMessage(string text) => new(text);

    /// <summary>Makes a message of a plain text.</summary>
    /// <param name="text">The text.</param>
    public static OutgoingMessage FromString(string text) => new(text);
}
