namespace Chat.Events;

/// <summary>Something that happened and that somebody sees. Immutable; shared by all who see it.</summary>
public abstract record ChatEvent
{
    /// <summary>When it happened, by the server's clock; what was said, when it arrived. Not the order of events: hooks may take their time.</summary>
    public DateTimeOffset Time { get; init; }
}
