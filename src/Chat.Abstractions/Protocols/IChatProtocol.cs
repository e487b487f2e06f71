using System.Buffers;
using Chat.Events;

namespace Chat.Protocols;

/// <summary>Parses lines into commands and encodes events as bytes. Stateless: one instance serves all
/// connections.</summary>
public interface IChatProtocol
{
    /// <summary>A short name, unique among the protocols of one server.</summary>
    string Name { get; }

    /// <summary>Reads one line from a client.</summary>
    /// <param name="line">The line without its terminator; may contain any bytes. Valid only during the call.</param>
    /// <param name="command">The client's request.</param>
    /// <returns><see langword="false"/> if the line contains no request (an empty line).</returns>
    bool TryRead(ReadOnlySpan<byte> line, out ClientCommand command);

    /// <summary>Writes an event as sent to clients, terminators included. All members that use this protocol share the
    /// bytes.</summary>
    /// <param name="chatEvent">The event.</param>
    /// <param name="output">Receives the bytes.</param>
    void Write(ChatEvent chatEvent, IBufferWriter<byte> output);
}
