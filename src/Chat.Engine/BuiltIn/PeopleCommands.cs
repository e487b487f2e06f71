namespace Chat.Engine.BuiltIn;

/// <summary><c>/nick</c> and <c>/quit</c>.</summary>
internal sealed class PeopleCommands(SessionDirectory sessions)
{
    public IEnumerable<ChatCommand> All =>
    [
        new("nick", "NICK", "changes your nick", NickAsync),
        new("quit", "", "says goodbye and disconnects", (call, _) => Quit(call)),
    ];

    private async ValueTask<CommandResult> NickAsync(CommandCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Length == 0)
            return CommandResult.Reply($"You are {call.Nick}. To change that: /nick NICK");
        if (NameRules.ProblemWithNick(call.Arguments, out var nick) is { } problem)
            return CommandResult.Refuse(RefusalCode.InvalidNick, problem);
        if (nick == call.Nick)
            return CommandResult.Reply($"You are {nick} already.");
        var session = sessions.Caller(call);
        if (!await session.Presence.TryRenameAsync(nick, cancellationToken).ConfigureAwait(false))
            return CommandResult.Refuse(RefusalCode.NickTaken, nick);
        return session.CurrentRoom.Length == 0 ? CommandResult.Reply($"You are {nick} now.") : CommandResult.Done;
    }

    private CommandResult Quit(CommandCall call)
    {
        sessions.Caller(call).End("quit", $"Goodbye, {call.Nick}.");
        return CommandResult.Done;
    }
}
