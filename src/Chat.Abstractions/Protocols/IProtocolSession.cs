namespace Chat.Protocols;

/// <summary>A protocol's side of one connection, which may keep state. Called for one line at a time.</summary>
public interface IProtocolSession
{
    /// <summary>What encodes events for the client. Sessions that return the same instance share the bytes of their
    /// rooms' lines. May change while a line is read.</summary>
    IEventEncoder Encoder { get; }

    /// <summary>Reads the next command of a line. Called again, after the command has been carried out, until it
    /// returns <see langword="false"/>; a line may hold any number of commands.</summary>
    /// <param name="line">What is left of the line, without its end; may hold any bytes. Set it to what is left after
    /// the command. The memory is valid until the line has been handled.</param>
    /// <param name="command">The command.</param>
    /// <returns>Whether there was a command.</returns>
    /// <exception cref="InvalidDataException">The client breaks the rules of the protocol and is disconnected; the
    /// message says how, for the log.</exception>
    bool TryRead(ref ReadOnlyMemory<byte> line, out ClientCommand command);
}
