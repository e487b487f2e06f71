namespace Chat.Engine.Tracing;

/// <summary>Why a line came out as it did: what <c>/why</c> shows. Immutable, and holds nothing of a plugin.</summary>
/// <param name="Id">The line's number.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Sender">Who said it.</param>
/// <param name="Room">Where; empty for a private message.</param>
/// <param name="Recipient">To whom it was whispered, else <see langword="null"/>.</param>
/// <param name="Text">What was typed.</param>
/// <param name="Steps">The hooks and guards it went through, in order.</param>
/// <param name="Ends">What became of it: usually one, several when a hook split it.</param>
public sealed record LineExplanation(
    long Id, DateTimeOffset Time, string Sender, string Room, string? Recipient, string Text, IReadOnlyList<LineStep> Steps, IReadOnlyList<LineEnd> Ends)
{
    /// <summary>A table for people; several lines parted by <c>\n</c>.</summary>
    public override string ToString() => ExplanationText.Of(this);
}
