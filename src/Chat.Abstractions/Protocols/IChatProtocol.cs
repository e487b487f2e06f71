using System.Buffers;
using Chat.Events;

namespace Chat.Protocols;

/// <summary>One line to its meaning and one event to its bytes. Stateless: one instance serves all connections at once.</summary>
public interface IChatProtocol
{
    /// <summary>A short name, unique among the protocols of one server.</summary>
    string Name { get; }

    /// <summary>Reads one line from a client.</summary>
    /// <param name="line">The line without its terminator; any bytes at all. Only valid during the call.</param>
    /// <param name="command">What the client asked for.</param>
    /// <returns><see langword="false"/> when the line means nothing (an empty line).</returns>
    bool TryRead(ReadOnlySpan<byte> line, out ClientCommand command);

    /// <summary>Writes an event as a client sees it, terminators included. The bytes are shared by every member that speaks this protocol.</summary>
    /// <param name="chatEvent">What happened.</param>
    /// <param name="output">Takes the bytes.</param>
    void Write(ChatEvent chatEvent, IBufferWriter<byte> output);
}
