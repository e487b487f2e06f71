using Chat.Load.Clients;

namespace Chat.Load.Wire;

/// <summary>How a server is spoken to.</summary>
internal interface IWire
{
    /// <summary>Says who the client is, once it is connected.</summary>
    void Open(Client client);

    /// <summary>Enters the client's room.</summary>
    void Join(Client client);

    /// <summary>Reads a line without a marker, its end cut off.</summary>
    void Read(Client client, ReadOnlySpan<byte> line);

    /// <summary>Writes a line that is spoken in a room.</summary>
    /// <returns>How many bytes.</returns>
    int Write(int room, ReadOnlySpan<byte> text, Span<byte> output);

    /// <summary>Shows that the client is still there, where a server wants that.</summary>
    void KeepAlive(Client client);
}
