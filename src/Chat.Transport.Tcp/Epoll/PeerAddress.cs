using System.Buffers.Binary;
using System.Net;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>A peer's address as the system gives it (ip(7), ipv6(7)), in little memory.</summary>
internal readonly struct PeerAddress
{
    /// <summary>The most an address takes.</summary>
    public const int MaxLength = 28;

    private const int InterNetwork = 2, InterNetwork6 = 10, PortOffset = 2, AddressOffset = 4, Address6Offset = 8, ScopeOffset = 24;

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

    /// <summary>Reads what <c>accept</c> has written.</summary>
    public static PeerAddress Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < AddressOffset + sizeof(uint))
            return default;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[PortOffset..]);
        return BitConverter.ToUInt16(address) switch
        {
            InterNetwork => new(InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(address[AddressOffset..]), 0, port),
            InterNetwork6 when address.Length >= MaxLength =>
                new(InterNetwork6, BinaryPrimitives.ReadUInt128BigEndian(address[Address6Offset..]), BitConverter.ToInt32(address[ScopeOffset..]), port),
            _ => default,
        };
    }

    /// <summary>The address; an IPv4 peer of a socket for both families as IPv4. <see langword="null"/> when there is none.</summary>
    public IPEndPoint? ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _address);
        return _family switch
        {
            InterNetwork => new IPEndPoint(new IPAddress(bytes[12..]), _port),
            InterNetwork6 when new IPAddress(bytes, _scope) is { IsIPv4MappedToIPv6: true } mapped => new IPEndPoint(mapped.MapToIPv4(), _port),
            InterNetwork6 => new IPEndPoint(new IPAddress(bytes, _scope), _port),
            _ => null,
        };
    }
}
