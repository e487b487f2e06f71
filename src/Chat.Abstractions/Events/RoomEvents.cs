namespace Chat.Events;

/// <summary>An event in a room. It has one position in the order that everyone in the room sees. Two events are equal
/// if they report the same, wherever they are.</summary>
/// <param name="Room">The room's name.</param>
public abstract record RoomEvent(string Room) : ChatEvent
{
    private int _hasPosition;

    /// <summary>The id of the plugin that caused the event and is not shown it; <see langword="null"/> if no plugin
    /// did.</summary>
    public string? Cause { get; init; }

    /// <summary>The number of plugin messages that led to the event; see
    /// <see cref="Hooks.MessageContext.Depth"/>.</summary>
    public int Depth { get; init; }

    /// <summary>The position in the room: each event's is one above that of the event before it, unless the room was
    /// empty in between. Never starts again within an <see cref="Epoch"/>. Set by the server before anyone is shown the
    /// event.</summary>
    public long Sequence { get; private set; }

    /// <summary>The life of the server that <see cref="Sequence"/> belongs to: when it was created, in milliseconds
    /// since 1970 (UTC).</summary>
    public long Epoch { get; private set; }

    /// <inheritdoc/>
    public virtual bool Equals(RoomEvent? other) =>
        base.Equals(other) && Room == other!.Room && Cause == other.Cause && Depth == other.Depth;

    /// <inheritdoc/>
    public override int GetHashCode() => (base.GetHashCode() * 31) + Room.GetHashCode();

    /// <summary>Gives the event its position. Several servers may share one event, in memory: all but the first get a
    /// copy.</summary>
    internal RoomEvent At(long epoch, long sequence)
    {
        var placed = Interlocked.Exchange(ref _hasPosition, 1) == 0 ? this : this with { };
        placed.Epoch = epoch;
        placed.Sequence = sequence;
        return placed;
    }
}

/// <summary>A person said or emoted something.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Sender">The person.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Said(string Room, Sender Sender, string Text) : RoomEvent(Room)
{
    /// <summary>Whether it was said or emoted (<c>/me waves</c>).</summary>
    /// <value><see cref="MessageKind.Say"/> or <see cref="MessageKind.Emote"/>.</value>
    public MessageKind Kind { get; init; }

    /// <summary>The line's number, which <c>/why</c> explains; 0 if the event did not come from a message.</summary>
    public long MessageId { get; init; }

    /// <summary>The tags added by hooks, with keys of the form <c>hook-id:key</c>; often empty.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = NoTags.Instance;

    /// <summary>The sender's nick.</summary>
    public string Nick => Sender.Nick;
}

/// <summary>The host or a plugin announced something in a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Text">One line without control characters.</param>
public sealed record Announced(string Room, string Text) : RoomEvent(Room);

/// <summary>A person joined a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Sender">The person.</param>
public sealed record Joined(string Room, Sender Sender) : RoomEvent(Room)
{
    /// <summary>The person's nick.</summary>
    public string Nick => Sender.Nick;
}

/// <summary>A person left a room.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Sender">The person.</param>
/// <param name="Reason">The reason in a few words; <see langword="null"/> if none was given.</param>
public sealed record Left(string Room, Sender Sender, string? Reason) : RoomEvent(Room)
{
    /// <summary>The person's nick.</summary>
    public string Nick => Sender.Nick;
}

/// <summary>A member of a room changed their nick.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Sender">The person, with the old nick.</param>
/// <param name="NewNick">The new nick.</param>
public sealed record Renamed(string Room, Sender Sender, string NewNick) : RoomEvent(Room)
{
    /// <summary>The old nick.</summary>
    public string Nick => Sender.Nick;
}

/// <summary>A member read a room too slowly and skipped lines. Seen by that member only.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Count">The number of skipped lines; at least 1.</param>
public sealed record LinesSkipped(string Room, long Count) : RoomEvent(Room);
