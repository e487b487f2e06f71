namespace Chat.Engine.Inbound;

/// <summary>A line whose read loop is stuck in a plugin, with everything another loop needs to continue it.</summary>
/// <param name="Set">The hooks and commands the line uses; the new loop becomes responsible for exiting the
/// set.</param>
/// <param name="Command">The command that is stuck; <see langword="null"/> if a hook is.</param>
internal sealed record AbandonedLine(RegistrationSet Set, OwnedCommand? Command);
