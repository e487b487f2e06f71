using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>Watches sockets and handles their events: first all events at hand, then the work deferred meanwhile, which
/// is the rooms' rounds. So the more lines arrive at once, the more of them each member gets in one piece. The loop's
/// whole state is in its fields: when a plugin blocks its thread, another thread continues exactly there.</summary>
internal sealed unsafe class EpollLoop : EventLoop
{
    private const int MaxEvents = 256;

    /// <summary>The number that stands for no source.</summary>
    private const ulong None = ulong.MaxValue;

    /// <summary>On x64 the kernel packs an event (epoll_ctl(2)): the flags, and right behind them our number.</summary>
    private static readonly int _numberOffset =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    private static readonly int _eventSize = _numberOffset + sizeof(ulong);

    private readonly object _slotLock = new();
    private readonly Stack<int> _free = new();
    private readonly int _set;
    private Slot[] _slots = new Slot[64];
    private int _used;
    private readonly Queue<Happened> _happened = new(MaxEvents);
    private Queue<WorkItem> _deferred = new(), _rounds = new();
    private bool _hasLooked;

    /// <exception cref="IOException">The system is out of descriptors.</exception>
    private EpollLoop()
    {
        _set = LibC.EpollCreate();
        if (_set < 0)
            throw new IOException($"Cannot watch sockets: {LibC.Describe(LibC.LastError)}");
    }

    /// <summary>Makes a loop that runs until the process ends.</summary>
    /// <exception cref="IOException">The system is out of descriptors.</exception>
    public static EpollLoop StartNew()
    {
        var loop = new EpollLoop();
        loop.Start();
        return loop;
    }

    /// <summary>Watches a descriptor for input. Safe from any thread.</summary>
    /// <returns>The number it is known by here.</returns>
    /// <exception cref="IOException">The system cannot watch it.</exception>
    public ulong Add(IEpollSource source, int descriptor)
    {
        ulong number;
        lock (_slotLock)
        {
            if (!_free.TryPop(out var place))
            {
                if (_used == _slots.Length)
                    Array.Resize(ref _slots, _used * 2);
                place = _used++;
            }

            ref var slot = ref _slots[place];
            slot.Source = source;
            number = ((ulong)slot.Generation << 32) | (uint)place;
        }

        if (!Control(LibC.EPOLL_CTL_ADD, descriptor, number, LibC.EPOLLIN))
        {
            var error = LibC.LastError;
            Remove(number);
            throw new IOException($"Cannot watch a socket: {LibC.Describe(error)}");
        }

        return number;
    }

    /// <summary>Watches a descriptor also for room to write. The kernel tells again what it is ready for.</summary>
    public void WatchOutput(ulong number, int descriptor) =>
        Control(LibC.EPOLL_CTL_MOD, descriptor, number, LibC.EPOLLIN | LibC.EPOLLOUT);

    /// <summary>Forgets a descriptor that has been closed or is about to be.</summary>
    public void Remove(ulong number)
    {
        lock (_slotLock)
        {
            ref var slot = ref _slots[(int)(uint)number];
            if (slot.Generation != (uint)(number >> 32) || slot.Source is null)
                return;
            slot.Source = null;
            slot.Generation++;
            _free.Push((int)(uint)number);
        }
    }

    protected override void Defer(WorkItem item) => _deferred.Enqueue(item);

    protected override void Run()
    {
        // Belongs to this thread: it may be replaced while it waits, and then nobody else knows what it is told.
        var told = (byte*)NativeMemory.Alloc((nuint)(MaxEvents * _eventSize));
        while (TryTakeNext(out var happened, out var round, out var mayWait))
        {
            if (round is not null)
                round.Execute();
            else if (happened.Number != None)
                Handle(happened);
            else
                Wait(told, mayWait);
        }

        NativeMemory.Free(told);
    }

    /// <summary>Takes what is to be done next: an event at hand; otherwise, in turn with a look for new events, what
    /// was deferred.</summary>
    /// <returns><see langword="false"/> if this thread has been replaced.</returns>
    private bool TryTakeNext(out Happened happened, out WorkItem? round, out bool mayWait)
    {
        happened = new Happened(None, 0);
        round = null;
        mayWait = false;
        lock (Lock)
        {
            if (!IsLeading)
                return false;
            if (_happened.TryDequeue(out var next))
            {
                happened = next;
            }
            else if (_rounds.TryDequeue(out round))
            {
                // What is deferred meanwhile comes after the next look.
            }
            else if (_hasLooked && _deferred.Count > 0)
            {
                (_rounds, _deferred) = (_deferred, _rounds);
                round = _rounds.Dequeue();
                _hasLooked = false;
            }
            else
            {
                _hasLooked = true;
                mayWait = _deferred.Count == 0;
            }

            return true;
        }
    }

    private void Wait(byte* told, bool mayWait)
    {
        var count = LibC.EpollWait(_set, told, MaxEvents, mayWait ? Timeout.Infinite : 0);
        lock (Lock)
        {
            if (IsLeading)
            {
                for (var index = 0; index < count; index++)
                    _happened.Enqueue(Read(told, index));
                return;
            }
        }

        // Replaced while it waited: the new thread is not told of these events. Each runs on its own, because a plugin
        // may hang in one of them.
        for (var index = 0; index < count; index++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static left => left.Loop.Handle(left.Happened), (Loop: this, Happened: Read(told, index)),
                preferLocal: false);
        }
    }

    private static Happened Read(byte* told, int index)
    {
        var one = told + (index * _eventSize);
        return new Happened(Unsafe.ReadUnaligned<ulong>(one + _numberOffset), Unsafe.ReadUnaligned<uint>(one));
    }

    private void Handle(Happened happened) => SourceOf(happened.Number)?.OnEvents(happened.Events);

    private IEpollSource? SourceOf(ulong number)
    {
        lock (_slotLock)
        {
            ref var slot = ref _slots[(int)(uint)number];
            return slot.Generation == (uint)(number >> 32) ? slot.Source : null;
        }
    }

    private bool Control(int operation, int descriptor, ulong number, uint events)
    {
        var interest = stackalloc byte[_eventSize];
        Unsafe.WriteUnaligned(interest, events | LibC.EPOLLPRI | LibC.EPOLLRDHUP | LibC.EPOLLET);
        Unsafe.WriteUnaligned(interest + _numberOffset, number);
        return LibC.EpollControl(_set, operation, descriptor, interest) == 0;
    }

    private readonly record struct Happened(ulong Number, uint Events);

    private struct Slot
    {
        public IEpollSource? Source;
        public uint Generation;
    }
}
