using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Chat.Load.Sockets;

/// <summary>Where the server is.</summary>
/// <param name="host">A name or an IPv4 address.</param>
/// <param name="port">From 1 on.</param>
/// <param name="clients">How many connections there will be.</param>
internal sealed class Target(string host, int port, int clients)
{
    // One address has some 28,000 ports for outgoing connections.
    private const int ClientsPerAddress = 25_000, Sources = 19, FirstSource = 2;

    private readonly IPAddress _address = Resolve(host);

    public LibC.InternetAddress Address => Of(_address, port);

    /// <summary>The address that a client connects from; <see langword="null"/>: the system chooses.</summary>
    public LibC.InternetAddress? SourceOf(int client) =>
        clients > ClientsPerAddress && IPAddress.IsLoopback(_address)
            ? Of(new IPAddress([127, 0, 0, (byte)(FirstSource + (client % Sources))]), 0)
            : null;

    public override string ToString() => $"{host}:{port}";

    private static LibC.InternetAddress Of(IPAddress address, int port) => new()
    {
        Family = LibC.InternetFamily,
        Port = BinaryPrimitives.ReverseEndianness((ushort)port),
        Address = BitConverter.ToUInt32(address.GetAddressBytes()),
    };

    private static IPAddress Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host, AddressFamily.InterNetwork)[0];
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new LoadException(
                ExitCode.SetUpFailed,
                $"There is no IPv4 address for {host}: {exception.Message}. Give one with --host.");
        }
    }
}
