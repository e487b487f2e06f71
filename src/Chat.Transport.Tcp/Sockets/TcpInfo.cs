using System.Buffers.Binary;

namespace Chat.Transport.Tcp.Sockets;

/// <summary>What Linux tells about a TCP connection: the socket option <c>TCP_INFO</c> of tcp(7).</summary>
internal static class TcpInfo
{
    public const int Level = 6, Name = 11;

    /// <summary>How many bytes of it are needed here.</summary>
    public const int Length = AcknowledgedOffset + sizeof(ulong);

    /// <summary>Where <c>tcpi_bytes_acked</c> stands, in Linux 4.1 and later.</summary>
    private const int AcknowledgedOffset = 120;

    /// <summary>How many bytes the peer has acknowledged.</summary>
    /// <returns><see langword="null"/> if the system does not tell.</returns>
    public static long? AcknowledgedBytes(ReadOnlySpan<byte> info)
    {
        if (info.Length < Length)
            return null;
        var bytes = info.Slice(AcknowledgedOffset);
        return BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadInt64LittleEndian(bytes)
            : BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
