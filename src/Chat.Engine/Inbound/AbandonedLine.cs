using Chat.Engine.Commands;
using Chat.Engine.Registrations;

namespace Chat.Engine.Inbound;

/// <summary>A line whose loop is stuck in a plugin: what another loop needs to go on with it.</summary>
/// <param name="Set">The hooks and commands it began with, which go over to the other loop.</param>
/// <param name="Command">The command that is stuck; <see langword="null"/> when it is a hook.</param>
internal sealed record AbandonedLine(RegistrationSet Set, OwnedCommand? Command);
