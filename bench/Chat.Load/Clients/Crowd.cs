using Chat.Load.Counting;
using Chat.Load.Sockets;
using Chat.Load.Wire;

namespace Chat.Load.Clients;

/// <summary>All clients, on one thread: waits for their sockets, and reads each into one shared buffer.</summary>
internal sealed class Crowd : IDisposable
{
    private const int BufferBytes = 512 * 1024;
    private const long KeepAliveEvery = 10 * Clock.Second;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly Poller _poller = new();
    private readonly IWire _wire;
    private readonly LineSplitter _splitter;
    private long _keepAliveAt = KeepAliveEvery;
    private bool _readsStalled;

    public Crowd(Seating seating, IWire wire, Tally tally)
    {
        _wire = wire;
        _splitter = new LineSplitter(wire, tally);
        Clients = [.. Enumerable.Range(0, seating.Clients)
            .Select(index => new Client(index, seating.RoomOf(index), seating.IsStalled(index), Census))];
    }

    public Client[] Clients { get; }

    public Census Census { get; } = new();

    public long BytesReceived { get; private set; }

    /// <summary>What stalled clients had waiting.</summary>
    public long StalledBytes { get; private set; }

    public void Connect(int client, Target target) => Clients[client].Connect(target, _poller);

    /// <summary>Does what is to do, and waits no longer than that for something to do.</summary>
    public void Pump(long nanoseconds)
    {
        var ready = _poller.Wait(nanoseconds);
        for (var index = 0; index < ready; index++)
        {
            var (tag, canRead, canWrite) = _poller[index];
            var client = Clients[tag];
            if (client.State == ClientState.Connecting)
            {
                if (canWrite && client.FinishConnecting())
                    _wire.Open(client);
                continue;
            }

            if (canWrite)
                client.Flush();
            if (canRead && client.IsOpen)
                Read(client);
        }

        KeepAlive();
    }

    public void PumpUntil(long time)
    {
        for (var now = Clock.Now; now < time; now = Clock.Now)
            Pump(Math.Min(time - now, 5 * Clock.Millisecond));
    }

    public void Stall()
    {
        foreach (var client in Clients.Where(client => client.IsStalled))
            client.Stall();
    }

    /// <summary>Reads what stalled clients have waiting, until the server has closed them or so long.</summary>
    public void ReadStalled(long nanoseconds)
    {
        _readsStalled = true;
        var stalled = Clients.Where(client => client.IsStalled).ToList();
        stalled.ForEach(client => client.Unstall());
        for (var until = Clock.Now + nanoseconds; Clock.Now < until && stalled.Exists(client => client.IsOpen);)
            Pump(Clock.Millisecond);
    }

    public void Dispose()
    {
        foreach (var client in Clients)
            client.Close();
        _poller.Dispose();
    }

    private void Read(Client client)
    {
        int received, room;
        do
        {
            var kept = client.Carry.CopyTo(_buffer);
            room = BufferBytes - kept;
            received = client.Receive(_buffer.AsSpan(kept, room));
            if (received == 0)
                return;
            if (_readsStalled && client.IsStalled)
            {
                StalledBytes += received;
                return;
            }

            BytesReceived += received;
            var bytes = _buffer.AsSpan(0, kept + received);
            client.Carry.Keep(bytes[^_splitter.Split(client, bytes, Clock.Now)..]);
        }
        while (received == room && client.IsOpen);
    }

    private void KeepAlive()
    {
        if (Clock.Now < _keepAliveAt)
            return;
        _keepAliveAt = Clock.Now + KeepAliveEvery;
        foreach (var client in Clients.Where(
            client => client.State is ClientState.Registered or ClientState.Joining or ClientState.Ready))
            _wire.KeepAlive(client);
    }
}
