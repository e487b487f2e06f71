using System.Runtime.InteropServices;

namespace Chat.Load.Sockets;

/// <summary>The system calls, as Linux names them.</summary>
internal static unsafe partial class LibC
{
    public const int InternetFamily = 2, Stream = 1, NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const int DontWait = 0x40, NoSignal = 0x4000;
    public const int SocketLevel = 1, Error = 4, ReceiveBuffer = 8, Linger = 13;
    public const int IPLevel = 0, BindAddressNoPort = 24;
    public const int TcpLevel = 6, NoDelay = 1, MaxSegment = 2;
    public const int AddEvent = 1, RemoveEvent = 2, ChangeEvent = 3;
    public const int OpenFilesLimit = 7;
    public const int ClockTicks = 2;
    public const int CurrentFolder = -100, SizeWanted = 0x200;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int descriptor, int level, int name, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int descriptor, int level, int name, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, InternetAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, InternetAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(int poll, int operation, int descriptor, byte* pollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int WaitPoll(int poll, byte* events, int maxEvents, TimeLength* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "sysconf", SetLastError = true)]
    public static partial nint Configuration(int name);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Status(int folder, string path, int flags, uint wanted, byte* status);

    /// <summary><c>sockaddr_in</c>: port and address in network order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InternetAddress
    {
        public ushort Family;
        public ushort Port;
        public uint Address;
        public ulong Zero;
    }

    /// <summary><c>timespec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeLength
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary><c>rlimit</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
