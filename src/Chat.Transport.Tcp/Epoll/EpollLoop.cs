using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Chat.Engine.Scheduling;

namespace Chat.Transport.Tcp.Epoll;

/// <summary>
/// Watches sockets and does what comes of their events: first all events at hand, then what was deferred meanwhile, the rooms' rounds.
/// So the more lines arrive at once, the more of them each member gets in one piece. All that the loop stands at is in its fields:
/// when its thread is held up by a plugin, the next one goes on exactly there.
/// </summary>
internal sealed unsafe class EpollLoop : EventLoop
{
    private const int MaxEvents = 256;

    /// <summary>The number of nothing.</summary>
    private const ulong None = ulong.MaxValue;

    /// <summary>On x64 the kernel packs what it tells (epoll_ctl(2)): the flags, and right behind them our number.</summary>
    private static readonly int _numberOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    private static readonly int _eventSize = _numberOffset + sizeof(ulong);

    private readonly object _slotLock = new();
    private readonly Stack<int> _free = new();
    private readonly int _set;
    private Slot[] _slots = new Slot[64];
    private int _used;
    private readonly Queue<Happened> _happened = new(MaxEvents);
    private Queue<WorkItem> _deferred = new(), _rounds = new();
    private bool _hasLooked;

    /// <exception cref="IOException">The system has no more of what it takes.</exception>
    private EpollLoop()
    {
        _set = LibC.EpollCreate();
        if (_set < 0)
            throw new IOException($"Cannot watch sockets: {LibC.Describe(LibC.LastError)}");
    }

    /// <summary>Makes a loop that runs until the process ends.</summary>
    public static EpollLoop StartNew()
    {
        var loop = new EpollLoop();
        loop.Start();
        return loop;
    }

    /// <summary>Watches a descriptor for input. Any thread.</summary>
    /// <returns>By which number it is known here.</returns>
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

    /// <summary>Watches a descriptor for room to write, too. What it is ready for already is told again.</summary>
    public void WatchOutput(ulong number, int descriptor) => Control(LibC.EPOLL_CTL_MOD, descriptor, number, LibC.EPOLLIN | LibC.EPOLLOUT);

    /// <summary>Forgets a descriptor, which is closed now or soon.</summary>
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

    /// <inheritdoc/>
    protected override void Defer(WorkItem item) => _deferred.Enqueue(item);

    /// <inheritdoc/>
    protected override void Run()
    {
        // This thread's own: it may be replaced while it waits, and then nobody else knows of what it is told.
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

    /// <summary>Takes what is to be done next: what has happened, then, in turns with that, what was deferred; or else a look at what has happened.</summary>
    /// <returns><see langword="false"/> when this thread has been replaced.</returns>
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
                // What is asked for meanwhile comes after the next look.
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

        // Replaced while it waited: whoever leads now is told of something else. Each on its own, as a plugin may not come back from one of them.
        for (var index = 0; index < count; index++)
            ThreadPool.UnsafeQueueUserWorkItem(static left => left.Loop.Handle(left.Happened), (Loop: this, Happened: Read(told, index)), preferLocal: false);
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
