using System.Buffers;
using Chat.Events;

namespace Chat.Protocols;

/// <summary>Encodes events in one dialect of a protocol. Safe from any thread.</summary>
public interface IEventEncoder
{
    /// <summary>Writes an event as sent to clients, with the ends of its lines. An event that the protocol cannot
    /// express is written as nothing.</summary>
    /// <param name="chatEvent">The event.</param>
    /// <param name="output">Receives the bytes.</param>
    void Write(ChatEvent chatEvent, IBufferWriter<byte> output);
}
