using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>The Linux system calls that the loop is made of, with the names of the manual.</summary>
internal static unsafe partial class LibC
{
    public const int EINTR = 4, EBADF = 9, EAGAIN = 11, EINVAL = 22, EPROTO = 71, ENETDOWN = 100, ENETUNREACH = 101,
        ECONNABORTED = 103, ENOBUFS = 105, EHOSTDOWN = 112, EHOSTUNREACH = 113;

    public const uint EPOLLIN = 0x1, EPOLLPRI = 0x2, EPOLLOUT = 0x4, EPOLLERR = 0x8, EPOLLHUP = 0x10,
        EPOLLRDHUP = 0x2000, EPOLLET = 1u << 31;

    public const int EPOLL_CTL_ADD = 1, EPOLL_CTL_MOD = 3;

    public const int MSG_PEEK = 0x2, MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;

    public const int SHUT_WR = 1;

    private const int EpollCloexec = 0x80000, SockNonblock = 0x800, SockCloexec = 0x80000, SolSocket = 1, SoLinger = 13;

    /// <summary>The error of the last call on this thread.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    public static string Describe(int error) => new Win32Exception(error).Message;

    /// <returns>The new set; -1 with an error.</returns>
    public static int EpollCreate() => epoll_create1(EpollCloexec);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int set, int operation, int descriptor, byte* interest);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int set, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "recv")]
    public static partial nint Receive(int descriptor, byte* bytes, nint count, int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "send")]
    public static partial nint Send(int descriptor, byte* bytes, nint count, int flags);

    [LibraryImport("libc", SetLastError = true, EntryPoint = "shutdown")]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    /// <summary>Accepts a connection that is waiting. Its socket does not block.</summary>
    public static int Accept(int listening, byte* address, int* length) =>
        accept4(listening, address, length, SockNonblock | SockCloexec);

    /// <summary>Makes the close throw away what has not been sent and reset the connection.</summary>
    public static void LingerNot(int descriptor)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = setsockopt(descriptor, SolSocket, SoLinger, linger, 2 * sizeof(int));
    }

    /// <summary>Reads a socket option.</summary>
    /// <returns>How many bytes it has; 0 with an error.</returns>
    public static int GetOption(int descriptor, int level, int option, byte* value, int length) =>
        getsockopt(descriptor, level, option, value, &length) == 0 ? length : 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int descriptor, int level, int option, byte* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int descriptor, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, int* value, int length);
}
