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

    /// <summary>On x64 the kernel packs what it tells (epoll_ctl(2)): the flags, and right behind them our number.</summary>
    private static readonly int _numberOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    private static readonly int _eventSize = _numberOffset + sizeof(ulong);

    private readonly object _lock = new();
    private readonly Stack<int> _free = new();
    private readonly byte* _events = (byte*)NativeMemory.AllocZeroed((nuint)(MaxEvents * _eventSize));
    private readonly int _set;
    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _count, _next;
    private bool _hasPolled;
    private List<WorkItem> _deferred = [], _rounds = [];
    private int _nextRound;

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
        lock (_lock)
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
        lock (_lock)
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
    public override void Defer(WorkItem item) => _deferred.Add(item);

    /// <inheritdoc/>
    protected override void Run()
    {
        while (IsLeading)
        {
            if (_next < _count)
                Handle(_events + (_next++ * _eventSize));
            else if (_nextRound < _rounds.Count)
                _rounds[_nextRound++].Execute();
            else
                Refill();
        }
    }

    /// <summary>Takes what has come in, and then, in turns with that, what was deferred.</summary>
    private void Refill()
    {
        if (_hasPolled && _deferred.Count > 0)
        {
            _rounds.Clear();
            _nextRound = 0;
            (_rounds, _deferred) = (_deferred, _rounds);
            _hasPolled = false;
            return;
        }

        _hasPolled = true;
        _next = 0;
        _count = LibC.EpollWait(_set, _events, MaxEvents, _deferred.Count > 0 ? 0 : Timeout.Infinite);
    }

    private void Handle(byte* told)
    {
        var events = Unsafe.ReadUnaligned<uint>(told);
        var number = Unsafe.ReadUnaligned<ulong>(told + _numberOffset);
        SourceOf(number)?.OnEvents(events);
    }

    private IEpollSource? SourceOf(ulong number)
    {
        lock (_lock)
        {
            ref var slot = ref _slots[(int)(uint)number];
            return slot.Generation == (uint)(number >> 32) ? slot.Source : null;
        }
    }

    private bool Control(int operation, int descriptor, ulong number, uint events)
    {
        var interest = stackalloc byte[_eventSize];
        Unsafe.WriteUnaligned(interest, events | LibC.EPOLLRDHUP | LibC.EPOLLET);
        Unsafe.WriteUnaligned(interest + _numberOffset, number);
        return LibC.EpollControl(_set, operation, descriptor, interest) == 0;
    }

    private struct Slot
    {
        public IEpollSource? Source;
        public uint Generation;
    }
}
