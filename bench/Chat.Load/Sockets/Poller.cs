using System.Runtime.InteropServices;

namespace Chat.Load.Sockets;

/// <summary>Tells which of many sockets can be read or written. Each has a tag: the number that says whose it
/// is.</summary>
internal sealed unsafe class Poller : IDisposable
{
    private const uint In = 1, Out = 4, Failed = 0x8, HungUp = 0x10;
    private const int MaxEvents = 512;

    // struct epoll_event is packed on x86-64, and nowhere else.
    private static readonly int _dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int _eventBytes = _dataOffset + 8;

    private readonly int _descriptor = SystemError.Check(LibC.CreatePoll(LibC.CloseOnExec), "wait for sockets");
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed(MaxEvents, 16);

    public void Add(TcpSocket socket, int tag, bool reading, bool writing) =>
        Control(LibC.AddEvent, socket, tag, reading, writing);

    public void Change(TcpSocket socket, int tag, bool reading, bool writing) =>
        Control(LibC.ChangeEvent, socket, tag, reading, writing);

    public void Remove(TcpSocket socket) => Control(LibC.RemoveEvent, socket, 0, false, false);

    /// <summary>Waits until a socket can be read or written, or for so long.</summary>
    /// <returns>How many can.</returns>
    public int Wait(long nanoseconds)
    {
        var timeout =
            new LibC.TimeLength { Seconds = nanoseconds / Clock.Second, Nanoseconds = nanoseconds % Clock.Second };
        return Math.Max(0, LibC.WaitPoll(_descriptor, _events, MaxEvents, &timeout, null));
    }

    /// <summary>One of those that the last wait told of. An error can be read and written.</summary>
    public (int Tag, bool CanRead, bool CanWrite) this[int index]
    {
        get
        {
            var entry = _events + (index * _eventBytes);
            var flags = *(uint*)entry;
            return (
                *(int*)(entry + _dataOffset),
                (flags & (In | Failed | HungUp)) != 0,
                (flags & (Out | Failed | HungUp)) != 0);
        }
    }

    public void Dispose()
    {
        _ = LibC.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    private void Control(int operation, TcpSocket socket, int tag, bool reading, bool writing)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = (reading ? In : 0) | (writing ? Out : 0);
        *(long*)(entry + _dataOffset) = tag;
        SystemError.Check(LibC.ControlPoll(_descriptor, operation, socket.Descriptor, entry), "wait for a socket");
    }
}
