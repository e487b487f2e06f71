namespace Chat.Events;

/// <summary>The client has been signed in. The first event it is shown.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Nick">The client's nick.</param>
/// <param name="Room">The room it is joining.</param>
/// <param name="Others">The number of members already there.</param>
public sealed record Welcomed(string Server, string Nick, string Room, int Others) : ChatEvent;

/// <summary>A message from the server to one client, in words.</summary>
/// <param name="Text">The text; may contain several lines separated by <c>\n</c>.</param>
public sealed record Notice(string Text) : ChatEvent;

/// <summary>The rooms, in reply to <c>/rooms</c>.</summary>
/// <param name="Rooms">All rooms that have members, in alphabetical order.</param>
public sealed record RoomList(IReadOnlyList<ListedRoom> Rooms) : ChatEvent;

/// <summary>A room in a <see cref="RoomList"/>.</summary>
/// <param name="Name">The room's name.</param>
/// <param name="Members">The number of members.</param>
/// <param name="IsJoined">Whether the client is one of them.</param>
/// <param name="IsCurrent">Whether the client's lines go there.</param>
public sealed record ListedRoom(string Name, int Members, bool IsJoined, bool IsCurrent);

/// <summary>The members of a room, in reply to <c>/who</c>.</summary>
/// <param name="Room">The room's name.</param>
/// <param name="Nicks">The members' nicks, in alphabetical order; empty if there is no such room.</param>
public sealed record MemberList(string Room, IReadOnlyList<string> Nicks) : ChatEvent;

/// <summary>The server did not do what the client asked for. Each protocol words it.</summary>
/// <param name="Code">Why.</param>
/// <param name="Subject">What it is about, such as the nick that is taken; which it is depends on the code.</param>
public sealed record Refused(RefusalCode Code, string? Subject = null) : ChatEvent
{
    /// <summary>An existing name that the client may have meant instead of the subject.</summary>
    public string? Suggestion { get; init; }

    /// <summary>What the client wanted to do, as an infinitive without <c>to</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The limit that was exceeded.</summary>
    public int Limit { get; init; }

    /// <summary>The value that exceeded the limit.</summary>
    public int Actual { get; init; }
}
