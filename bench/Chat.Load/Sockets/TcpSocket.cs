namespace Chat.Load.Sockets;

/// <summary>One TCP connection that never blocks. It is reset when closed, so thousands leave no ports
/// behind.</summary>
internal sealed unsafe class TcpSocket
{
    // A small window and an Ethernet's segments: the kernel hides little of what is not read.
    private const int StalledReceiveBuffer = 4096, StalledSegment = 1448;

    private TcpSocket(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; private set; }

    public bool IsOpen => Descriptor >= 0;

    /// <summary>Begins to connect. When it may be written to, <see cref="PendingError"/> tells how that went.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="client">Which client it is.</param>
    /// <param name="stalled">Whether it will not be read.</param>
    public static TcpSocket Connect(Target target, int client, bool stalled)
    {
        var socket = new TcpSocket(Create(client));
        socket.Set(LibC.TcpLevel, LibC.NoDelay, 1);
        socket.Set(LibC.SocketLevel, LibC.Linger, 1L);
        if (stalled)
        {
            socket.Set(LibC.SocketLevel, LibC.ReceiveBuffer, StalledReceiveBuffer);
            socket.Set(LibC.TcpLevel, LibC.MaxSegment, StalledSegment);
        }

        if (target.SourceOf(client) is { } source)
        {
            socket.Set(LibC.IPLevel, LibC.BindAddressNoPort, 1);
            SystemError.Check(
                LibC.Bind(socket.Descriptor, &source, (uint)sizeof(LibC.InternetAddress)),
                "use another loopback address for each 25,000 clients");
        }

        var address = target.Address;
        if (LibC.Connect(socket.Descriptor, &address, (uint)sizeof(LibC.InternetAddress)) != 0
            && SystemError.Last != SystemError.InProgress)
            throw new LoadException(
                ExitCode.SetUpFailed,
                $"Client {client} cannot connect to {target}: {SystemError.Words(SystemError.Last)}.");
        return socket;
    }

    /// <returns>0, or the error that connecting ended with.</returns>
    public int PendingError()
    {
        int error = 0;
        uint length = sizeof(int);
        return LibC.GetSocketOption(Descriptor, LibC.SocketLevel, LibC.Error, &error, &length) == 0
            ? error
            : SystemError.Last;
    }

    /// <returns>How many bytes; 0 at the end; below 0 an error, negated.</returns>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var received = (int)LibC.Receive(Descriptor, start, (nuint)buffer.Length, LibC.DontWait);
            return received >= 0 ? received : -SystemError.Last;
        }
    }

    /// <returns>How many bytes the system has taken; below 0 an error, negated.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var sent = (int)LibC.Send(Descriptor, start, (nuint)bytes.Length, LibC.DontWait | LibC.NoSignal);
            return sent >= 0 ? sent : -SystemError.Last;
        }
    }

    public void Close()
    {
        if (IsOpen)
            _ = LibC.Close(Descriptor);
        Descriptor = -1;
    }

    private static int Create(int client)
    {
        var descriptor = LibC.Socket(LibC.InternetFamily, LibC.Stream | LibC.NonBlocking | LibC.CloseOnExec, 0);
        if (descriptor < 0 && SystemError.Last is SystemError.TooManyOpenFilesHere or SystemError.TooManyOpenFilesInAll)
            throw new LoadException(
                ExitCode.TooFewOpenFiles,
                $"Client {client} gets no socket: {SystemError.Words(SystemError.Last)}. Raise the limit with `ulimit "
                    + "-n`, or ask for fewer --receivers.");
        return SystemError.Check(descriptor, $"open a socket for client {client}");
    }

    // A long holds linger's two numbers: on, and no time.
    private void Set<T>(int level, int name, T value) where T : unmanaged =>
        SystemError.Check(LibC.SetSocketOption(Descriptor, level, name, &value, (uint)sizeof(T)), "set up a socket");
}
