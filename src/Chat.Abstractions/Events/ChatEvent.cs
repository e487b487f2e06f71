namespace Chat.Events;

/// <summary>An event that is shown to somebody. Immutable; shared by all who see it.</summary>
public abstract record ChatEvent
{
    /// <summary>When the event happened, by the server's clock; for a message, when it arrived. Events are not ordered
    /// by time, because hooks may take a while.</summary>
    public DateTimeOffset Time { get; init; }
}
