namespace Chat.Engine.BuiltIn;

/// <summary><c>/say</c>, <c>/me</c> and <c>/msg</c>.</summary>
internal sealed class MessageCommands(SessionDirectory sessions)
{
    public IEnumerable<ChatCommand> All =>
    [
        new(CommandTable.Say, "TEXT", "says it, as a plain line does", (call, _) => CommandResult.Say(call.Arguments)),
        new("me", "ACTION", "tells the room what you do: /me waves", (call, _) => Emote(call)),
        new("msg", "NICK TEXT", "says it to one person alone", (call, _) => Whisper(call)),
    ];

    private static CommandResult Emote(CommandCall call) => call.Arguments.Length == 0
        ? CommandResult.Refuse(RefusalCode.MissingArgument, "What do you do? /me ACTION")
        : CommandResult.Emote(call.Arguments);

    private CommandResult Whisper(CommandCall call)
    {
        var space = call.Arguments.IndexOf(' ');
        if (space < 0)
            return CommandResult.Refuse(RefusalCode.MissingArgument, "To whom, and what? /msg NICK TEXT");
        var nick = NameRules.Normalize(call.Arguments[..space]);
        if (sessions.OwnerOf(nick) is { } owner)
            return CommandResult.Whisper(owner.Nick, call.Arguments[space..].TrimStart());
        var nearest = Suggestion.Nearest(nick, sessions.Nicks);
        return CommandResult.Reply(new Refused(RefusalCode.UnknownNick, nick) { Suggestion = nearest });
    }
}
