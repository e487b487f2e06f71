namespace Chat.Events;

/// <summary>A private message from one person to another. Only the two of them see it.</summary>
/// <param name="From">The sender's nick.</param>
/// <param name="To">The recipient's nick.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Whispered(string From, string To, string Text) : ChatEvent;
