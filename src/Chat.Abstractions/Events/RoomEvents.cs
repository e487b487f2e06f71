namespace Chat.Events;

/// <summary>Something that happened in a room: it has one place in the order everyone in the room sees.</summary>
/// <param name="Room">The room's name.</param>
public abstract record RoomEvent(string Room) : ChatEvent
{
    /// <summary>The id of the plugin that caused it, which will not be shown it; <see langword="null"/> when none did.</summary>
    public string? Cause { get; init; }

    /// <summary>How many lines of plugins led to it: see <see cref="Hooks.MessageContext.Depth"/>.</summary>
    public int Depth { get; init; }
}

/// <summary>Somebody said something.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">Who said it.</param>
/// <param name="Text">One line, free of control characters.</param>
public sealed record Said(string Room, string Nick, string Text) : RoomEvent(Room)
{
    /// <summary>The line's number: <c>/why</c> explains it. 0 when it did not come from a message.</summary>
    public long MessageId { get; init; }

    /// <summary>What hooks have noted on the line, keyed <c>hook-id:key</c>; empty for most lines.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;
}

/// <summary>Somebody did something (<c>/me waves</c>).</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">Who did it.</param>
/// <param name="Text">What they did; one line, free of control characters.</param>
public sealed record Emoted(string Room, string Nick, string Text) : RoomEvent(Room)
{
    /// <summary>The line's number: <c>/why</c> explains it. 0 when it did not come from a message.</summary>
    public long MessageId { get; init; }

    /// <summary>What hooks have noted on the line, keyed <c>hook-id:key</c>; empty for most lines.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;
}

/// <summary>The host or a plugin announced something to a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Text">One line, free of control characters.</param>
public sealed record Announced(string Room, string Text) : RoomEvent(Room);

/// <summary>Somebody came into a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">Who came.</param>
public sealed record Joined(string Room, string Nick) : RoomEvent(Room);

/// <summary>Somebody left a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">Who left.</param>
/// <param name="Reason">Why, in a few words, or <see langword="null"/> when they just left.</param>
public sealed record Left(string Room, string Nick, string? Reason) : RoomEvent(Room);

/// <summary>Somebody in a room changed nicks.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nick">The nick until now.</param>
/// <param name="NewNick">The nick from now on.</param>
public sealed record Renamed(string Room, string Nick, string NewNick) : RoomEvent(Room);

/// <summary>One reader was too slow for a room and has been moved ahead. Seen by that reader alone.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Count">How many lines the reader will not see; at least 1.</param>
public sealed record LinesSkipped(string Room, long Count) : RoomEvent(Room);
