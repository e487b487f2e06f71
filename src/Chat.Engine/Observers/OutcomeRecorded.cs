namespace Chat.Engine.Observers;

/// <summary>A message's outcome as an entry in the server's feed for observers.</summary>
/// <param name="Outcome">The outcome.</param>
internal sealed record OutcomeRecorded(MessageOutcome Outcome) : RoomEvent(Outcome.Message.Room), IWeighed
{
    /// <inheritdoc/>
    public int TextLength =>
        Outcome.Message.Text.Length + Outcome.Message.OriginalText.Length + (Outcome.Reason?.Length ?? 0);
}
