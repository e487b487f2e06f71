using System.Globalization;

namespace Chat.Engine.BuiltIn;

/// <summary><c>/hooks</c> and <c>/why</c>.</summary>
internal sealed class HookCommands(HookReport report, FlightRecorder? recorder)
{
    private const string Enable = "enable ";

    public IEnumerable<ChatCommand> All =>
    [
        new(
            "hooks", "[HOOK]", "lists what happens to each line before it is sent, or tells all about one",
            (call, _) => Hooks(call)),
        new(
            "why", "[NUMBER|NICK]", "tells why your last line came out as it did; an operator may ask for any",
            (call, _) => Why(call)),
    ];

    private CommandResult Hooks(CommandCall call)
    {
        if (call.Arguments.Length == 0)
            return CommandResult.Reply(report.Describe(withFigures: true));
        if (!call.Arguments.StartsWith(Enable, StringComparison.OrdinalIgnoreCase))
            return CommandResult.Reply(report.DescribeOne(call.Arguments));
        return call.Caller.IsInRole(Roles.Operator)
            ? CommandResult.Reply(report.Enable(call.Arguments[Enable.Length..].Trim()))
            : OperatorsOnly("enable a hook");
    }

    private CommandResult Why(CommandCall call)
    {
        if (recorder is null)
            return CommandResult.Reply("This server keeps no record of lines.");
        var isOwn = call.Arguments.Length == 0
            || string.Equals(call.Arguments, call.Nick, StringComparison.OrdinalIgnoreCase);
        if (isOwn)
        {
            return CommandResult.Reply(
                recorder.LastOf(call.SessionId)?.ToString() ?? "You have said nothing yet, or it is too long ago.");
        }

        var digits = call.Arguments.TrimStart('#');
        var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        isOwn = isNumber && recorder.SenderOf(number) == call.SessionId;
        if (!isOwn && !call.Caller.IsInRole(Roles.Operator))
            return OperatorsOnly("ask about lines of others");
        if (isNumber)
        {
            return CommandResult.Reply(recorder.Find(number)?.ToString()
                ?? $"Line {call.Arguments} is unknown. The server remembers the last {recorder.Capacity} lines.");
        }

        return CommandResult.Reply(recorder.LastBy(call.Arguments)?.ToString()
            ?? $"{call.Arguments} has said nothing, or it is too long ago. "
            + "/why tells of your last line, /why NUMBER or /why NICK of any.");
    }

    private static CommandResult OperatorsOnly(string action) =>
        CommandResult.Reply(new Refused(RefusalCode.RoleRequired, Roles.Operator) { Action = action });
}
