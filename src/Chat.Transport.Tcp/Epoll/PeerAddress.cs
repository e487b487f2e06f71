using System.Buffers.Binary;
using System.Net;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>A peer's address as the system tells it (ip(7), ipv6(7)), in little memory.</summary>
internal readonly struct PeerAddress
{
    /// <summary>The size of the longest address, in bytes.</summary>
    public const int MaxLength = 28;

    private const int InterNetwork = 2, InterNetwork6 = 10;
    private const int PortOffset = 2, AddressOffset = 4, Address6Offset = 8, ScopeOffset = 24;

    private readonly UInt128 _address;
    private readonly ushort _port;
    private readonly byte _family;
    private readonly int _scope;

    private PeerAddress(byte family, UInt128 address, int scope, ushort port)
    {
        _family = family;
        _address = address;
        _scope = scope;
        _port = port;
    }

    /// <summary>Reads what <c>accept</c> wrote.</summary>
    public static PeerAddress Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < AddressOffset + sizeof(uint))
            return default;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[PortOffset..]);
        return BitConverter.ToUInt16(address) switch
        {
            InterNetwork => new(InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(address[AddressOffset..]), 0, port),
            InterNetwork6 when address.Length >= MaxLength => new(
                InterNetwork6, BinaryPrimitives.ReadUInt128BigEndian(address[Address6Offset..]),
                BitConverter.ToInt32(address[ScopeOffset..]), port),
            _ => default,
        };
    }

    /// <summary>The address, if any. An IPv4 peer of a socket for both families is IPv4.</summary>
    public IPEndPoint? ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return _family switch
        {
            InterNetwork => new IPEndPoint(new IPAddress(bytes[12..]), _port),
            InterNetwork6 when new IPAddress(bytes, _scope) is { IsIPv4MappedToIPv6: true } mapped =>
                new IPEndPoint(mapped.MapToIPv4(), _port),
            InterNetwork6 => new IPEndPoint(new IPAddress(bytes, _scope), _port),
            _ => null,
        };
    }
}
