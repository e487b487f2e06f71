namespace Chat.Events;

/// <summary>An event in a room. It has one position in the order that everyone in the room sees.</summary>
/// <param name="Room">The room's name.</param>
public abstract record RoomEvent(string Room) : ChatEvent
{
    /// <summary>The id of the plugin that caused the event and is not shown it; <see langword="null"/> if no plugin
    /// did.</summary>
    public string? Cause { get; init; }

    /// <summary>The number of plugin messages that led to the event; see
    /// <see cref="Hooks.MessageContext.Depth"/>.</summary>
    public int Depth { get; init; }
}

/// <summary>A person said something.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The sender's nick.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Said(string Room, string Nick, string Text) : RoomEvent(Room)
{
    /// <summary>The line's number, which <c>/why</c> explains; 0 if the event did not come from a message.</summary>
    public long MessageId { get; init; }

    /// <summary>The tags added by hooks, with keys of the form <c>hook-id:key</c>; often empty.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;
}

/// <summary>A person emoted something (<c>/me waves</c>).</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The sender's nick.</param>
/// <param name="Text">The emote; one line without control characters.</param>
public sealed record Emoted(string Room, string Nick, string Text) : RoomEvent(Room)
{
    /// <summary>The line's number, which <c>/why</c> explains; 0 if the event did not come from a message.</summary>
    public long MessageId { get; init; }

    /// <summary>The tags added by hooks, with keys of the form <c>hook-id:key</c>; often empty.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;
}

/// <summary>The host or a plugin announced something in a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Announced(string Room, string Text) : RoomEvent(Room);

/// <summary>A person joined a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The person's nick.</param>
public sealed record Joined(string Room, string Nick) : RoomEvent(Room);

/// <summary>A person left a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The person's nick.</param>
/// <param name="Reason">The reason in a few words; <see langword="null"/> if none was given.</param>
public sealed record Left(string Room, string Nick, string? Reason) : RoomEvent(Room);

/// <summary>A member of a room changed their nick.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The old nick.</param>
/// <param name="NewNick">The new nick.</param>
public sealed record Renamed(string Room, string Nick, string NewNick) : RoomEvent(Room);

/// <summary>A member read a room too slowly and skipped lines. Seen by that member only.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Count">The number of skipped lines; at least 1.</param>
public sealed record LinesSkipped(string Room, long Count) : RoomEvent(Room);
