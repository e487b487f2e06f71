namespace Chat.Events;

/// <summary>Something that happened and that somebody sees. Immutable; shared by all who see it.</summary>
public abstract record ChatEvent
{
    /// <summary>When it happened, by the server's clock.</summary>
    public DateTimeOffset Time { get; init; }
}
