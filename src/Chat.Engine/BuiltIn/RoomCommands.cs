namespace Chat.Engine.BuiltIn;

/// <summary><c>/join</c>, <c>/leave</c>, <c>/rooms</c> and <c>/who</c>.</summary>
internal sealed class RoomCommands(SessionServices services)
{
    public IEnumerable<ChatCommand> All =>
    [
        new("join", "ROOM", "enters a room; what you type then goes there", JoinAsync),
        new("leave", "[ROOM]", "leaves a room, this one if you name none", LeaveAsync),
        new("rooms", "", "lists the rooms", (call, _) => List(call)),
        new("who", "[ROOM]", "lists who is in a room", (call, _) => Who(call)),
    ];

    private async ValueTask<CommandResult> JoinAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Length == 0)
        {
            return CommandResult.Refuse(
                RefusalCode.MissingArgument,
                "Which room? /join ROOM; /rooms lists the rooms, and a new name opens a new one.");
        }

        if (NameRules.ProblemWithRoom(call.Arguments, out var room) is { } problem)
            return CommandResult.Refuse(RefusalCode.InvalidRoom, problem);
        var session = services.Sessions.Caller(call);
        var isIn = session.Rooms.Find(room) is not null;
        var limit = services.Settings.MaxRooms;
        if (!isIn && session.Rooms.Current.Count() >= limit)
            return CommandResult.Reply(new Refused(RefusalCode.TooManyRooms) { Limit = limit });
        await session.Presence.JoinAsync(room, cancellationToken).ConfigureAwait(false);
        return isIn ? CommandResult.Reply($"What you type goes to {session.CurrentRoom} now.") : CommandResult.Done;
    }

    private async ValueTask<CommandResult> LeaveAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var session = services.Sessions.Caller(call);
        var room = call.Arguments.Length == 0 ? session.CurrentRoom : NameRules.Normalize(call.Arguments);
        if (room.Length == 0)
            return CommandResult.Refuse(RefusalCode.Other, "You are in no room.");
        if (session.Rooms.Find(room) is not { } member)
            return CommandResult.Refuse(RefusalCode.NotInRoom, room);
        await session.Presence.LeaveAsync(member, cancellationToken).ConfigureAwait(false);
        return CommandResult.Reply(session.CurrentRoom.Length == 0
            ? $"You are in no room now. /join {services.Settings.DefaultRoom} takes you back."
            : $"What you type goes to {session.CurrentRoom} now.");
    }

    private CommandResult List(CommandCall call)
    {
        var session = services.Sessions.Caller(call);
        return CommandResult.Reply(new RoomList([.. services.Rooms.All.Select(room => new ListedRoom(
            room.Name, room.MemberCount, session.Rooms.Find(room.Name) is not null,
            string.Equals(room.Name, session.CurrentRoom, StringComparison.OrdinalIgnoreCase)))]));
    }

    private CommandResult Who(CommandCall call)
    {
        var name = call.Arguments.Length == 0 ? call.Room : NameRules.Normalize(call.Arguments);
        if (name.Length == 0)
        {
            return CommandResult.Refuse(
                RefusalCode.MissingArgument, "You are in no room. /who ROOM asks about another.");
        }

        var room = services.Rooms.Find(name);
        return CommandResult.Reply(new MemberList(room?.Name ?? name, room?.Nicks ?? []));
    }
}
