using Chat.Events;

namespace Chat.Commands;

/// <summary>A command: the function to execute, and its description for <c>/help</c>.</summary>
/// <param name="Name">The name without the slash: 1 to 24 letters, digits, <c>-</c> or <c>_</c>;
/// case-insensitive.</param>
/// <param name="Usage">The arguments as shown by <c>/help</c>, for example <c>NdM</c>; empty if there are none.</param>
/// <param name="Help">A short description.</param>
/// <param name="Execute">Executes the command. Each caller's commands run in order, one at a time; several callers may
/// run it at once. An exception is reported to the caller and logged. The token is canceled when the caller has gone or
/// the server stops.</param>
public sealed record ChatCommand(
    string Name, string Usage, string Help, Func<CommandCall, CancellationToken, ValueTask<CommandResult>> Execute)
{
    /// <summary>The role a caller needs, such as <see cref="Roles.Operator"/>. Others are refused.</summary>
    /// <value>Default <see langword="null"/>: none.</value>
    public string? RequiredRole { get; init; }
}
