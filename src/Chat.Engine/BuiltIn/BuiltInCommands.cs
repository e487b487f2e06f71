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
        yield return new("nick", "NICK", "changes your nick", (call, _) => Nick(call));
        yield return new("join", "ROOM", "enters a room; what you type then goes there", (call, _) => Join(call));
        yield return new("leave", "[ROOM]", "leaves a room, this one if you name none", (call, _) => Leave(call));
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
                return CommandResult.Reply(set.Commands.Find(name) is { } found
                    ? $"{UsageOf(found.Command)}  {found.Command.Help}"
                    : set.Commands.Unknown(name));
            }

            var all = set.Commands.All;
            var width = all.Max(command => UsageOf(command.Command).Length);
            var text = new StringBuilder("Commands:");
            foreach (var command in all)
            {
                text.Append("\n  ").Append(UsageOf(command.Command).PadRight(width));
                text.Append("  ").Append(command.Command.Help);
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

    private CommandResult Nick(CommandCall call)
    {
        if (call.Arguments.Length == 0)
            return CommandResult.Reply($"You are {call.Nick}. To change that: /nick NICK");
        if (NameRules.ProblemWithNick(call.Arguments, out var nick) is { } problem)
            return CommandResult.Reply(problem);
        if (nick == call.Nick)
            return CommandResult.Reply($"You are {nick} already.");
        var session = Caller(call);
        if (!session.TryRename(nick))
            return CommandResult.Reply($"Somebody here is called {nick} already.");
        return session.CurrentRoom.Length == 0 ? CommandResult.Reply($"You are {nick} now.") : CommandResult.Done;
    }

    private CommandResult Join(CommandCall call)
    {
        if (call.Arguments.Length == 0)
        {
            return CommandResult.Reply(
                "Which room? /join ROOM; /rooms lists those there are, and a new name opens a new one.");
        }

        if (NameRules.ProblemWithRoom(call.Arguments, out var room) is { } problem)
            return CommandResult.Reply(problem);
        var session = Caller(call);
        var isIn = session.Rooms.Find(room) is not null;
        if (!isIn && session.Rooms.Current.Count() >= settings.MaxRooms)
        {
            return CommandResult.Reply(
                $"You are in {settings.MaxRooms} rooms, which is as many as one may be in. /leave one first.");
        }

        session.Join(room);
        return isIn ? CommandResult.Reply($"What you type goes to {session.CurrentRoom} now.") : CommandResult.Done;
    }

    private CommandResult Leave(CommandCall call)
    {
        var session = Caller(call);
        var room = call.Arguments.Length == 0 ? session.CurrentRoom : NameRules.Normalize(call.Arguments);
        if (session.Rooms.Find(room) is not { } member)
            return CommandResult.Reply(room.Length == 0 ? "You are in no room." : $"You are not in {room}.");
        session.Leave(member);
        return CommandResult.Reply(session.CurrentRoom.Length == 0
            ? $"You are in no room now. /join {settings.DefaultRoom} takes you back."
            : $"What you type goes to {session.CurrentRoom} now.");
    }

    private CommandResult ListRooms(CommandCall call)
    {
        var session = Caller(call);
        var all = rooms.All;
        var text = new StringBuilder("Rooms:");
        foreach (var room in all)
        {
            var isCurrent = string.Equals(room.Name, session.CurrentRoom, StringComparison.OrdinalIgnoreCase);
            var note = isCurrent ? "  (you speak here)"
                : session.Rooms.Find(room.Name) is not null ? "  (you are in it)" : "";
            text.Append("\n  ").Append(room.Name).Append("  ").Append(room.MemberCount).Append(note);
        }

        return CommandResult.Reply(all.Count == 0 ? "There are no rooms." : text.ToString());
    }

    private CommandResult Who(CommandCall call)
    {
        var name = call.Arguments.Length == 0 ? call.Room : NameRules.Normalize(call.Arguments);
        if (name.Length == 0)
            return CommandResult.Reply("You are in no room. /who ROOM asks about another.");
        return CommandResult.Reply(rooms.Find(name) is { Nicks: { Count: > 0 } nicks } room
            ? $"In {room.Name} ({nicks.Count}): {string.Join(", ", nicks)}"
            : $"Nobody is in {name}.");
    }

    private CommandResult Message(CommandCall call)
    {
        var space = call.Arguments.IndexOf(' ');
        if (space < 0)
            return CommandResult.Reply("To whom, and what? /msg NICK TEXT");
        var nick = NameRules.Normalize(call.Arguments[..space]);
        if (sessions.FindByNick(nick) is { } reader)
            return CommandResult.Whisper(reader.Nick, call.Arguments[space..].TrimStart());
        var nearest = Suggestion.Nearest(nick, sessions.All.Select(session => session.Nick));
        return CommandResult.Reply(nearest is null
            ? $"Nobody here is called {nick}."
            : $"Nobody here is called {nick}. Did you mean {nearest}?");
    }

    private CommandResult Hooks(CommandCall call)
    {
        const string Enable = "enable ";
        if (call.Arguments.Length == 0)
            return CommandResult.Reply(report.Describe(withFigures: true));
        if (!call.Arguments.StartsWith(Enable, StringComparison.OrdinalIgnoreCase))
            return CommandResult.Reply(report.DescribeOne(call.Arguments));
        return CommandResult.Reply(Caller(call).IsOperator
            ? report.Enable(call.Arguments[Enable.Length..].Trim())
            : "Only an operator may enable a hook. /operator KEY makes you one.");
    }

    private const string NothingSaid = "You have said nothing yet, or it is too long ago.";

    private CommandResult Why(CommandCall call)
    {
        if (recorder is null)
            return CommandResult.Reply("This server keeps no record of lines.");
        if (call.Arguments.Length == 0)
            return CommandResult.Reply(recorder.LastOf(call.ConnectionId)?.ToString() ?? NothingSaid);
        var digits = call.Arguments.TrimStart('#');
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return CommandResult.Reply(WhyOf(call));
        var line = recorder.Find(number);
        if (!Caller(call).IsOperator && recorder.SenderOf(number) != call.ConnectionId)
        {
            return CommandResult.Reply(
                "That is not a line of yours; only an operator may ask. /operator KEY makes you one.");
        }

        return CommandResult.Reply(line?.ToString()
            ?? $"Line {call.Arguments} is not known, or no longer: the last {recorder.Capacity} are.");
    }

    private string WhyOf(CommandCall call)
    {
        var nick = call.Arguments;
        if (string.Equals(nick, call.Nick, StringComparison.OrdinalIgnoreCase))
            return recorder!.LastOf(call.ConnectionId)?.ToString() ?? NothingSaid;
        if (!Caller(call).IsOperator)
        {
            return "Which line? /why tells of your last one, /why NUMBER of any of yours; "
                + "only an operator may ask of others. /operator KEY makes you one.";
        }

        return recorder!.LastBy(nick)?.ToString()
            ?? $"{nick} has said nothing, or it is too long ago. "
            + "/why tells of your last line, /why NUMBER or /why NICK of any.";
    }

    private CommandResult Operator(CommandCall call)
    {
        const int MostTries = 3;
        var session = Caller(call);
        if (operatorKey is not { } key)
            return CommandResult.Reply("This server has no operators.");
        if (call.Arguments.Length == 0)
            return CommandResult.Reply(session.IsOperator ? "You are an operator." : "With which key? /operator KEY");
        if (IsEqual(call.Arguments, key))
        {
            session.IsOperator = true;
            session.LogOperator();
            return CommandResult.Reply(
                "You are an operator now: /why NUMBER or /why NICK explains anybody's line, "
                + "/hooks enable HOOK enables one.");
        }

        if (session.CountWrongKey() >= MostTries)
            session.End("wrong operator keys", "That is not the key. Goodbye.");
        return session.HasEnded ? CommandResult.Done : CommandResult.Reply("That is not the key.");
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
            ? CommandResult.Reply("What do you do? /me ACTION")
            : CommandResult.Emote(call.Arguments);

    private CommandResult Quit(CommandCall call)
    {
        Caller(call).End("quit", $"Goodbye, {call.Nick}.");
        return CommandResult.Done;
    }

    private Session Caller(CommandCall call) =>
        sessions.FindByConnection(call.ConnectionId)
        ?? throw new InvalidOperationException($"No session has the connection {call.ConnectionId}.");
}
