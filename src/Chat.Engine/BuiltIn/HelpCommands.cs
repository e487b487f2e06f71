using System.Text;

namespace Chat.Engine.BuiltIn;

/// <summary><c>/help</c> and <c>/ping</c>.</summary>
internal sealed class HelpCommands(RegistrationTable registrations)
{
    public IEnumerable<ChatCommand> All =>
    [
        new("help", "[COMMAND]", "lists the commands, or explains one", (call, _) => Help(call)),
        new("ping", "[TEXT]", "answers, once everything before it has reached you", (call, _) =>
            CommandResult.Reply($"pong {call.Arguments}".TrimEnd())),
    ];

    private CommandResult Help(CommandCall call)
    {
        var set = registrations.Enter();
        try
        {
            var name = call.Arguments.TrimStart('/');
            if (name.Length == 0)
                return CommandResult.Reply(List(set.Commands.All));
            return set.Commands.Find(name) is { } found
                ? CommandResult.Reply($"{UsageOf(found.Command)}  {found.Command.Help}")
                : CommandResult.Reply(set.Commands.Unknown(name));
        }
        finally
        {
            set.Exit();
        }
    }

    private static string List(IReadOnlyList<OwnedCommand> all)
    {
        var width = all.Max(command => UsageOf(command.Command).Length);
        var text = new StringBuilder("Commands:");
        foreach (var command in all)
        {
            text.Append("\n  ").Append(UsageOf(command.Command).PadRight(width));
            text.Append("  ").Append(command.Command.Help);
            if (command.Command.RequiredRole is { } role)
                text.Append(" (").Append(role).Append(" only)");
            if (command.Owner != CommandTable.BuiltInOwner)
                text.Append(" (").Append(command.Source).Append(')');
        }

        return text.Append("\nA line that begins with a slash is said with two: //text").ToString();
    }

    private static string UsageOf(ChatCommand command) => $"/{command.Name} {command.Usage}".TrimEnd();
}
