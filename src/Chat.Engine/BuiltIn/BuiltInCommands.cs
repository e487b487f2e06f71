using System.Globalization;
using System.Text;

namespace Chat.Engine.BuiltIn;

/// <summary>The built-in commands.</summary>
internal sealed class BuiltInCommands(
    SessionSettings settings,
    SessionDirectory sessions,
    RoomDirectory rooms,
    RegistrationTable registrations,
    HookReport report,
    FlightRecorder? recorder,
    string? operatorKey)
{
    /// <summary>The owner's id of the built-in commands.</summary>
    public const string Owner = CommandTable.BuiltInOwner;

    /// <summary>Creates a registration of all built-in commands.</summary>
    public Registration ToRegistration()
    {
        var registration = new Registration(Owner, "built in");
        foreach (var command in All())
            registration.Add(command);
        return registration;
    }

    private IEnumerable<ChatCommand> All()
    {
        yield return new("help", "[COMMAND]", "lists the commands, or explains one", (call, _) => Help(call));
        yield return new("nick", "NICK", "changes your nick", NickAsync);
        yield return new("join", "ROOM", "enters a room; what you type then goes there", JoinAsync);
        yield return new("leave", "[ROOM]", "leaves a room, this one if you name none", LeaveAsync);
        yield return new("rooms", "", "lists the rooms", (call, _) => ListRooms(call));
        yield return new("who", "[ROOM]", "lists who is in a room", (call, _) => Who(call));
        yield return new(CommandTable.Say, "TEXT", "says it, as a plain line does", (call, _) => Say(call));
        yield return new("me", "ACTION", "tells the room what you do: /me waves", (call, _) => Emote(call));
        yield return new("msg", "NICK TEXT", "says it to one person alone", (call, _) => Message(call));
        yield return new(
            "hooks",
            "[HOOK]",
            "lists what happens to each line before it is sent, or tells all about one",
            (call, _) => Hooks(call));
        yield return new(
            "why",
            "[NUMBER|NICK]",
            "tells why your last line came out as it did; an operator may ask for any",
            (call, _) => Why(call));
        yield return new("operator", "KEY", "makes you an operator", (call, _) => Operator(call));
        yield return new(
            "ping", "[TEXT]", "answers, once everything before it has reached you", (call, _) => Ping(call));
        yield return new("quit", "", "says goodbye and disconnects", (call, _) => Quit(call));
    }

    private static CommandResult Say(CommandCall call) => CommandResult.Say(call.Arguments);

    private static CommandResult Ping(CommandCall call) => CommandResult.Reply($"pong {call.Arguments}".TrimEnd());

    private static string UsageOf(ChatCommand command) => $"/{command.Name} {command.Usage}".TrimEnd();

    private CommandResult Help(CommandCall call)
    {
        var set = registrations.Enter();
        try
        {
            var name = call.Arguments.TrimStart('/');
            if (name.Length > 0)
            {
                return set.Commands.Find(name) is { } found
                    ? CommandResult.Reply($"{UsageOf(found.Command)}  {found.Command.Help}")
                    : CommandResult.Reply(set.Commands.Unknown(name));
            }

            var all = set.Commands.All;
            var width = all.Max(command => UsageOf(command.Command).Length);
            var text = new StringBuilder("Commands:");
            foreach (var command in all)
            {
                text.Append("\n  ").Append(UsageOf(command.Command).PadRight(width));
                text.Append("  ").Append(command.Command.Help);
                if (command.Command.RequiredRole is { } role)
                    text.Append(" (").Append(role).Append(" only)");
                if (command.Owner != Owner)
                    text.Append(" (").Append(command.Source).Append(')');
            }

            text.Append("\nA line that begins with a slash is said with two: //text");
            return CommandResult.Reply(text.ToString());
        }
        finally
        {
            set.Exit();
        }
    }

    private async ValueTask<CommandResult> NickAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Length == 0)
            return CommandResult.Reply($"You are {call.Nick}. To change that: /nick NICK");
        if (NameRules.ProblemWithNick(call.Arguments, out var nick) is { } problem)
            return Refuse(RefusalCode.InvalidNick, problem);
        if (nick == call.Nick)
            return CommandResult.Reply($"You are {nick} already.");
        var session = Caller(call);
        if (!await session.Presence.TryRenameAsync(nick, cancellationToken).ConfigureAwait(false))
            return Refuse(RefusalCode.NickTaken, nick);
        return session.CurrentRoom.Length == 0 ? CommandResult.Reply($"You are {nick} now.") : CommandResult.Done;
    }

    private async ValueTask<CommandResult> JoinAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Length == 0)
        {
            return Refuse(
                RefusalCode.MissingArgument,
                "Which room? /join ROOM; /rooms lists those there are, and a new name opens a new one.");
        }

        if (NameRules.ProblemWithRoom(call.Arguments, out var room) is { } problem)
            return Refuse(RefusalCode.InvalidRoom, problem);
        var session = Caller(call);
        var isIn = session.Rooms.Find(room) is not null;
        if (!isIn && session.Rooms.Current.Count() >= settings.MaxRooms)
            return CommandResult.Reply(new Refused(RefusalCode.TooManyRooms) { Limit = settings.MaxRooms });

        await session.Presence.JoinAsync(room, cancellationToken).ConfigureAwait(false);
        return isIn ? CommandResult.Reply($"What you type goes to {session.CurrentRoom} now.") : CommandResult.Done;
    }

    private async ValueTask<CommandResult> LeaveAsync(CommandCall call, CancellationToken cancellationToken)
    {
        var session = Caller(call);
        var room = call.Arguments.Length == 0 ? session.CurrentRoom : NameRules.Normalize(call.Arguments);
        if (session.Rooms.Find(room) is not { } member)
            return room.Length == 0
                ? Refuse(RefusalCode.Other, "You are in no room.")
                : Refuse(RefusalCode.NotInRoom, room);
        await session.Presence.LeaveAsync(member, cancellationToken).ConfigureAwait(false);
        return CommandResult.Reply(session.CurrentRoom.Length == 0
            ? $"You are in no room now. /join {settings.DefaultRoom} takes you back."
            : $"What you type goes to {session.CurrentRoom} now.");
    }

    private CommandResult ListRooms(CommandCall call)
    {
        var session = Caller(call);
        return CommandResult.Reply(new RoomList([.. rooms.All.Select(room => new ListedRoom(
            room.Name,
            room.MemberCount,
            session.Rooms.Find(room.Name) is not null,
            string.Equals(room.Name, session.CurrentRoom, StringComparison.OrdinalIgnoreCase)))]));
    }

    private CommandResult Who(CommandCall call)
    {
        var name = call.Arguments.Length == 0 ? call.Room : NameRules.Normalize(call.Arguments);
        if (name.Length == 0)
            return Refuse(RefusalCode.MissingArgument, "You are in no room. /who ROOM asks about another.");
        var room = rooms.Find(name);
        return CommandResult.Reply(new MemberList(room?.Name ?? name, room?.Nicks ?? []));
    }

    private CommandResult Message(CommandCall call)
    {
        var space = call.Arguments.IndexOf(' ');
        if (space < 0)
            return Refuse(RefusalCode.MissingArgument, "To whom, and what? /msg NICK TEXT");
        var nick = NameRules.Normalize(call.Arguments[..space]);
        if (sessions.OwnerOf(nick) is { } owner)
            return CommandResult.Whisper(owner.Nick, call.Arguments[space..].TrimStart());
        var nearest = Suggestion.Nearest(nick, sessions.Nicks);
        return CommandResult.Reply(new Refused(RefusalCode.UnknownNick, nick) { Suggestion = nearest });
    }

    private CommandResult Hooks(CommandCall call)
    {
        const string Enable = "enable ";
        if (call.Arguments.Length == 0)
            return CommandResult.Reply(report.Describe(withFigures: true));
        if (!call.Arguments.StartsWith(Enable, StringComparison.OrdinalIgnoreCase))
            return CommandResult.Reply(report.DescribeOne(call.Arguments));
        return call.Caller.IsInRole(Roles.Operator)
            ? CommandResult.Reply(report.Enable(call.Arguments[Enable.Length..].Trim()))
            : CommandResult.Reply(OperatorsOnly("enable a hook"));
    }

    private const string NothingSaid = "You have said nothing yet, or it is too long ago.";

    private CommandResult Why(CommandCall call)
    {
        if (recorder is null)
            return CommandResult.Reply("This server keeps no record of lines.");
        if (call.Arguments.Length == 0)
            return CommandResult.Reply(recorder.LastOf(call.SessionId)?.ToString() ?? NothingSaid);
        var digits = call.Arguments.TrimStart('#');
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return WhyOf(call);
        var line = recorder.Find(number);
        if (!call.Caller.IsInRole(Roles.Operator) && recorder.SenderOf(number) != call.SessionId)
            return CommandResult.Reply(OperatorsOnly("ask about lines of others"));

        return CommandResult.Reply(line?.ToString()
            ?? $"Line {call.Arguments} is not known, or no longer: the last {recorder.Capacity} are.");
    }

    private CommandResult WhyOf(CommandCall call)
    {
        var nick = call.Arguments;
        if (string.Equals(nick, call.Nick, StringComparison.OrdinalIgnoreCase))
            return CommandResult.Reply(recorder!.LastOf(call.SessionId)?.ToString() ?? NothingSaid);
        if (!call.Caller.IsInRole(Roles.Operator))
            return CommandResult.Reply(OperatorsOnly("ask about lines of others"));
        return CommandResult.Reply(recorder!.LastBy(nick)?.ToString()
            ?? $"{nick} has said nothing, or it is too long ago. "
            + "/why tells of your last line, /why NUMBER or /why NICK of any.");
    }

    private CommandResult Operator(CommandCall call)
    {
        const int MostTries = 3;
        var session = Caller(call);
        if (operatorKey is not { } key)
            return Refuse(RefusalCode.Other, "This server has no operators.");
        if (call.Arguments.Length == 0)
        {
            return call.Caller.IsInRole(Roles.Operator)
                ? CommandResult.Reply("You are an operator.")
                : Refuse(RefusalCode.MissingArgument, "With which key? /operator KEY");
        }

        if (IsEqual(call.Arguments, key))
        {
            session.MakeOperator();
            return CommandResult.Reply(
                "You are an operator now: /why NUMBER or /why NICK explains anybody's line, "
                + "/hooks enable HOOK enables one.");
        }

        if (session.CountWrongKey() >= MostTries)
            session.End("wrong operator keys", "That is not the key. Goodbye.");
        return session.HasEnded ? CommandResult.Done : Refuse(RefusalCode.WrongKey);
    }

    /// <summary>Compares in a time that does not reveal how much of the key was right.</summary>
    private static bool IsEqual(string given, string key)
    {
        var difference = given.Length ^ key.Length;
        for (var index = 0; index < given.Length; index++)
            difference |= given[index] ^ key[index % key.Length];
        return difference == 0;
    }

    private static CommandResult Emote(CommandCall call) =>
        call.Arguments.Length == 0
            ? Refuse(RefusalCode.MissingArgument, "What do you do? /me ACTION")
            : CommandResult.Emote(call.Arguments);

    private CommandResult Quit(CommandCall call)
    {
        Caller(call).End("quit", $"Goodbye, {call.Nick}.");
        return CommandResult.Done;
    }

    private static Refused OperatorsOnly(string action) =>
        new(RefusalCode.RoleRequired, Roles.Operator) { Action = action };

    private static CommandResult Refuse(RefusalCode code, string? subject = null) =>
        CommandResult.Reply(new Refused(code, subject));

    private Session Caller(CommandCall call) =>
        sessions.Find(call.SessionId)
        ?? throw new InvalidOperationException($"No session has the id {call.SessionId}.");
}
