namespace Chat.Engine.BuiltIn;

/// <summary><c>/operator</c>.</summary>
internal sealed class OperatorCommands(SessionDirectory sessions, string? key)
{
    private const int MostTries = 3;

    public IEnumerable<ChatCommand> All =>
        [new("operator", "KEY", "makes you an operator", (call, _) => Operator(call))];

    private CommandResult Operator(CommandCall call)
    {
        if (key is null)
            return CommandResult.Refuse(RefusalCode.Other, "This server has no operators.");
        if (call.Arguments.Length == 0)
        {
            return call.Caller.IsInRole(Roles.Operator)
                ? CommandResult.Reply("You are an operator.")
                : CommandResult.Refuse(RefusalCode.MissingArgument, "With which key? /operator KEY");
        }

        var session = sessions.Caller(call);
        if (IsEqual(call.Arguments, key))
        {
            session.MakeOperator();
            return CommandResult.Reply(
                "You are an operator now: /why NUMBER or /why NICK explains anybody's line, "
                + "/hooks enable HOOK enables one.");
        }

        if (session.CountWrongKey() >= MostTries)
            session.End("wrong operator keys", "That is not the key. Goodbye.");
        return session.HasEnded ? CommandResult.Done : CommandResult.Refuse(RefusalCode.WrongKey);
    }

    /// <summary>Compares in a time that does not reveal how much of the key was right.</summary>
    private static bool IsEqual(string given, string key)
    {
        var difference = given.Length ^ key.Length;
        for (var index = 0; index < given.Length; index++)
            difference |= given[index] ^ key[index % key.Length];
        return difference == 0;
    }
}
