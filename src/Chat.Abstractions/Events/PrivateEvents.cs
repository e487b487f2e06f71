namespace Chat.Events;

/// <summary>A private message from one person to another. Only the two of them see it.</summary>
/// <param name="Sender">The sender.</param>
/// <param name="To">The recipient's nick.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Whispered(Sender Sender, string To, string Text) : ChatEvent
{
    /// <summary>The sender's nick.</summary>
    public string From => Sender.Nick;
}
