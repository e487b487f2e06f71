using Chat.Load.Sockets;

namespace Chat.Load.Clients;

/// <summary>One connection to the server, and how far it is.</summary>
internal sealed class Client(int index, int room, bool isStalled, Census census)
{
    private readonly Outbox _outbox = new();
    private Poller? _poller;
    private TcpSocket? _socket;
    private Carry _carry;
    private bool _wantsToWrite, _isDeaf;

    public int Index => index;

    public int Room => room;

    public bool IsStalled => isStalled;

    public ClientState State { get; private set; }

    public bool IsOpen => _socket is { IsOpen: true };

    /// <summary>Whether a line has come through its room.</summary>
    public bool Hears { get; private set; }

    /// <summary>What ends a line that is received.</summary>
    public byte LineEnd { get; set; } = (byte)'\n';

    /// <summary>How many bytes the system has not taken.</summary>
    public int Unsent => _outbox.Count;

    /// <summary>What it has of a line.</summary>
    public ref Carry Carry => ref _carry;

    public void Connect(Target target, Poller poller)
    {
        State = ClientState.Connecting;
        (_poller, _wantsToWrite) = (poller, true);
        _socket = TcpSocket.Connect(target, index, isStalled);
        poller.Add(_socket, index, reading: true, writing: true);
    }

    /// <returns>Whether it is connected.</returns>
    public bool FinishConnecting()
    {
        if (_socket!.PendingError() is var error && error != 0)
        {
            End(SystemError.Words(error));
            return false;
        }

        State = ClientState.Registering;
        WantToWrite(false);
        return true;
    }

    public void Register()
    {
        if (State != ClientState.Registering)
            return;
        State = ClientState.Registered;
        census.Registered++;
    }

    public void BeginJoining() => State = ClientState.Joining;

    public void Join()
    {
        if (State != ClientState.Joining)
            return;
        State = ClientState.Ready;
        census.Joined++;
    }

    public void Hear()
    {
        if (Hears)
            return;
        Hears = true;
        census.Hearing++;
    }

    /// <summary>From here on nothing is read, and the end of the connection is not seen.</summary>
    public void Stall()
    {
        if (_isDeaf || !IsOpen)
            return;
        _isDeaf = true;
        _poller!.Remove(_socket!);
    }

    /// <summary>What came meanwhile can be read again.</summary>
    public void Unstall()
    {
        if (!_isDeaf || !IsOpen)
            return;
        _isDeaf = false;
        _poller!.Add(_socket!, index, reading: true, writing: false);
    }

    /// <returns>How many bytes; 0 when there are none.</returns>
    public int Receive(Span<byte> buffer)
    {
        var received = _socket!.Receive(buffer);
        if (received > 0)
            return received;
        if (received == 0)
            End("the server has closed the connection");
        else if (-received != SystemError.WouldBlock)
            End(SystemError.Words(-received));
        return 0;
    }

    /// <summary>Sends, now or when the system takes it.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsOpen)
            return;
        if (_outbox.Count == 0)
            bytes = bytes[TrySend(bytes)..];
        if (bytes.IsEmpty || !IsOpen)
            return;
        _outbox.Add(bytes);
        WantToWrite(true);
    }

    public void Flush()
    {
        while (IsOpen && _outbox.Count > 0)
        {
            var sent = TrySend(_outbox.Bytes);
            if (sent == 0)
                return;
            _outbox.Remove(sent);
        }

        WantToWrite(false);
    }

    public void Close()
    {
        State = ClientState.Ended;
        _socket?.Close();
    }

    /// <summary>The connection is over, and we did not want it to be.</summary>
    public void End(string reason)
    {
        if (State == ClientState.Ended)
            return;
        // Of one that does not read that is to be expected.
        if (!isStalled || State != ClientState.Ready)
            Complain(reason);
        Close();
        if (isStalled)
            census.StalledEnded++;
        else
            census.Ended++;
    }

    /// <summary>Something is wrong.</summary>
    public void Complain(string words) => census.LastError = $"client {index}: {words}";

    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        var sent = _socket!.Send(bytes);
        if (sent >= 0)
            return sent;
        if (-sent != SystemError.WouldBlock)
            End(SystemError.Words(-sent));
        return 0;
    }

    private void WantToWrite(bool wants)
    {
        if (_wantsToWrite == wants || !IsOpen)
            return;
        _wantsToWrite = wants;
        if (!_isDeaf)
            _poller!.Change(_socket!, index, reading: true, writing: wants);
    }
}
