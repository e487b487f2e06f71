namespace Chat.Engine.Commands;

/// <summary>An immutable set of all commands by name; case does not matter.</summary>
internal sealed class CommandTable
{
    /// <summary>The owner of the built-in commands.</summary>
    public const string BuiltInOwner = "chat";

    /// <summary>The command that a plain line stands for: <c>say</c>.</summary>
    public const string Say = "say";

    /// <summary>A table without commands.</summary>
    public static CommandTable Empty { get; } = new([]);

    private readonly Dictionary<string, OwnedCommand> _commands = new(StringComparer.OrdinalIgnoreCase);

    private readonly OwnedCommand? _say;

    /// <param name="commands">The commands.</param>
    /// <exception cref="NameTakenException">Two have the same name; the message names their owners.</exception>
    public CommandTable(IEnumerable<OwnedCommand> commands)
    {
        foreach (var command in commands)
        {
            var name = command.Command.Name;
            if (_commands.TryGetValue(name, out var other))
            {
                var isServers = other.Owner == BuiltInOwner;
                throw new NameTakenException(
                    $"The command /{name} is already registered by {(isServers ? "the server itself" : other.Owner)}.",
                    isServers);
            }

            _commands.Add(name, command);
        }

        _say = _commands.TryGetValue(Say, out var say) ? say : null;
    }

    /// <summary>All commands, in alphabetical order.</summary>
    public IReadOnlyList<OwnedCommand> All =>
        [.. _commands.Values.OrderBy(command => command.Command.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Finds a command by its name. <see cref="Say"/> itself is found without a lookup.</summary>
    public OwnedCommand? Find(string name) =>
        ReferenceEquals(name, Say) ? _say : _commands.TryGetValue(name, out var command) ? command : null;

    /// <summary>Returns the reply to a command that does not exist.</summary>
    public Refused Unknown(string name) =>
        new(RefusalCode.UnknownCommand, name) { Suggestion = Suggestion.Nearest(name, _commands.Keys) };
}
