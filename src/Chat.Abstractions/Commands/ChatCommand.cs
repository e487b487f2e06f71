namespace Chat.Commands;

/// <summary>A command as data: what <c>/help</c> shows and what runs.</summary>
/// <param name="Name">Its name without the slash: 1 to 24 letters, digits, <c>-</c> or <c>_</c>; case does not matter.</param>
/// <param name="Usage">Its arguments as shown by <c>/help</c>, for example <c>NdM</c>; empty when it takes none.</param>
/// <param name="Help">What it does, in a few words.</param>
/// <param name="Execute">
/// Runs it: in the caller's order, one at a time per caller, several callers at once. An exception is reported to the caller
/// and logged. Cancelled when the caller has gone or the server stops.
/// </param>
public sealed record ChatCommand(
    string Name,
    string Usage,
    string Help,
    Func<CommandCall, CancellationToken, ValueTask<CommandResult>> Execute);
