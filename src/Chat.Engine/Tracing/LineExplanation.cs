namespace Chat.Engine.Tracing;

/// <summary>Explains the outcome of a line, as shown by <c>/why</c>. Immutable; references nothing of a
/// plugin.</summary>
/// <param name="Id">The number of the line.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Sender">The sender's nick.</param>
/// <param name="Room">The room; empty for a private message.</param>
/// <param name="Recipient">The recipient's nick for a private message; otherwise <see langword="null"/>.</param>
/// <param name="Text">The text as typed.</param>
/// <param name="Steps">The hooks and guards that the line passed through, in order.</param>
/// <param name="Ends">The outcomes: usually one, several if a hook split the line.</param>
public sealed record LineExplanation(
    long Id, DateTimeOffset Time, string Sender, string Room, string? Recipient, string Text,
    IReadOnlyList<LineStep> Steps, IReadOnlyList<LineEnd> Ends)
{
    /// <summary>Returns a readable table; its lines are separated by <c>\n</c>.</summary>
    public override string ToString() => ExplanationText.Of(this);
}
