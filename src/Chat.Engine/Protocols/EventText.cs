using System.Text;

namespace Chat.Engine.Protocols;

/// <summary>Words events for people at a terminal. Not safe to show before <see cref="CleanText"/> has cleaned
/// it.</summary>
internal static class EventText
{
    /// <summary>The event in words; several lines are separated by <c>\n</c>.</summary>
    public static string Of(ChatEvent chatEvent) => chatEvent switch
    {
        Notice notice => notice.Text,
        Refused refused => RefusalText.Of(refused),
        Welcomed welcomed => Of(welcomed),
        RoomList list => Of(list),
        MemberList { Nicks.Count: 0 } list => $"Nobody is in {list.Room}.",
        MemberList list => $"In {list.Room} ({list.Nicks.Count}): {string.Join(", ", list.Nicks)}",
        Emoted emoted => $"* {emoted.Nick} {emoted.Text}",
        Announced announced => $"*** {announced.Text}",
        Joined joined => $"*** {joined.Nick} joined {joined.Room}",
        Left { Reason: null } left => $"*** {left.Nick} left {left.Room}",
        Left left => $"*** {left.Nick} left {left.Room} ({left.Reason})",
        Renamed renamed => $"*** {renamed.Nick} is now {renamed.NewNick}",
        Whispered whispered => $"[{whispered.From} -> {whispered.To}] {whispered.Text}",
        LinesSkipped { Count: 1 } => "*** 1 line skipped: you were reading too slowly",
        LinesSkipped skipped => $"*** {skipped.Count} lines skipped: you were reading too slowly",
        _ => $"*** {chatEvent}",
    };

    private static string Of(Welcomed welcomed)
    {
        var company = welcomed.Others switch
        {
            0 => "nobody else yet",
            1 => "1 other",
            _ => $"{welcomed.Others} others",
        };
        return $"Welcome to {welcomed.Server}. You are {welcomed.Nick}, in room {welcomed.Room} with {company}. "
            + "Type /help for commands.";
    }

    private static string Of(RoomList list)
    {
        if (list.Rooms.Count == 0)
            return "There are no rooms.";
        var text = new StringBuilder("Rooms:");
        foreach (var room in list.Rooms)
        {
            text.Append("\n  ").Append(room.Name).Append("  ").Append(room.Members)
                .Append(room.IsCurrent ? "  (you speak here)" : room.IsJoined ? "  (you are in it)" : "");
        }

        return text.ToString();
    }
}
