namespace Chat.Engine.Sessions;

/// <summary>One connected user, from greeting to goodbye: nick, rooms and inbox. Each line is handled before the next
/// is read, so a user's lines stay in order and a slow hook delays only their sender.</summary>
internal sealed class Session : IPumpOwner
{
    private readonly IClientConnection _connection;
    private readonly SessionServices _services;
    private readonly SessionCancellation _ending;
    private readonly OutboundPump _pump;
    private readonly object _lock = new();
    private readonly Action<Session> _onEnded;
    private ITimer? _greeting;
    private Member? _current;
    private string? _endReason;
    private volatile bool _leavesSilently, _isToGo;
    private bool _isClosing;
    private int _wrongKeys;

    /// <param name="connection">The connection, owned by the session.</param>
    /// <param name="services">The services shared by the server's sessions.</param>
    /// <param name="onEnded">Called once, after the connection has closed and all work has completed.</param>
    public Session(IClientConnection connection, SessionServices services, Action<Session> onEnded)
    {
        _connection = connection;
        _services = services;
        _onEnded = onEnded;
        Id = services.Sessions.NextId();
        _ending = new SessionCancellation(Id, services.Logger);
        _pump = new OutboundPump(connection, Rooms, services.Outbound, this);
    }

    /// <summary>Cancelled when the session ends.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>The session's id, unique within the server.</summary>
    public string Id { get; }

    public string Nick { get; private set; } = "";

    /// <summary>The room the next line goes to; empty if the user is in none.</summary>
    public string CurrentRoom => _current?.Room.Name ?? "";

    /// <summary>Whether the user has entered the operator key.</summary>
    public bool IsOperator { get; set; }

    /// <summary>Whether the session has been ended, even if it is still closing.</summary>
    public bool HasEnded => Volatile.Read(ref _endReason) is not null;

    /// <summary>Whether the server ended the session: lines the user has already typed are no longer handled.</summary>
    public bool IsToGo => _isToGo;

    public Memberships Rooms { get; } = new();

    /// <summary>Starts serving the connection. Called once.</summary>
    public void Start()
    {
        _services.Metrics.Connections.Add(1);
        EngineLog.Opened(_services.Logger, Id, _connection.Id, _connection.RemoteEndPoint);
        var delay = _services.Settings.GreetingDelay;
        if (delay == TimeSpan.Zero)
            TryGreet();
        else
            _greeting = _services.Clock.CreateTimer(
                static session => ((Session)session!).TryGreet(), this, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Greets the user once, after a delay or at their first line, and joins the first room.</summary>
    /// <returns><see langword="false"/> if the session ended first.</returns>
    public bool TryGreet()
    {
        // The timer and the first line, or the end, may coincide. Nothing is sent in here: the pump is only queued.
        lock (_lock)
        {
            _greeting?.Dispose();
            _greeting = null;
            if (Nick.Length > 0)
                return true;
            if (_isClosing || HasEnded)
                return false;
            Greet();
            return true;
        }
    }

    /// <summary>Posts an event to the user's inbox, unless it is full. Safe from any thread.</summary>
    public bool TryPost(ChatEvent chatEvent) => _pump.Inbox.TryPost(chatEvent);

    /// <summary>Posts an event to the user's inbox, waiting for room. Called from their own commands only.</summary>
    public ValueTask PostAsync(ChatEvent chatEvent, CancellationToken cancellationToken) =>
        _pump.Inbox.PostAsync(chatEvent, cancellationToken);

    /// <summary>Replies to the user, waiting for room in the inbox. Called from their own lines only.</summary>
    public ValueTask ReplyAsync(string text) => _pump.Inbox.PostAsync(Notice(text), _ending.Token);

    /// <summary>On an event loop's thread, serves the user first in the round that their next line causes, so they go
    /// on while the others are served. Skipped during an earlier round, or if a hook has to be waited for.</summary>
    public void PrioritizeSender()
    {
        if (EventLoop.Current is not null && _current is { Room.IsAtRest: true })
            _pump.Wake();
    }

    public void LogOperator() => EngineLog.OperatorCame(_services.Logger, Id, Nick);

    /// <returns>The number of wrong keys so far.</returns>
    public int CountWrongKey()
    {
        EngineLog.WrongKey(_services.Logger, Id, Nick);
        return ++_wrongKeys;
    }

    /// <summary>Ends the session; pending output and the farewell are still sent. Safe from any thread.</summary>
    /// <param name="reason">The reason, as the others see it.</param>
    /// <param name="farewell">The last notice to the user.</param>
    public void End(string reason, string farewell)
    {
        if (Interlocked.CompareExchange(ref _endReason, reason, null) is not null)
            return;
        _isToGo = true;
        _pump.Inbox.TryPost(Notice(farewell), urgent: true);
        _ending.Cancel();
    }

    /// <summary>Like <see cref="End"/>, for a stopping server: the others, who leave too, are not told.</summary>
    public void Stop(string farewell)
    {
        _leavesSilently = true;
        End("the server is stopping", farewell);
    }

    /// <summary>Ends the session at once. Safe from any thread.</summary>
    /// <param name="reason">The reason, for the log.</param>
    public void Break(string reason)
    {
        Interlocked.CompareExchange(ref _endReason, reason, null);
        _isToGo = true;
        _services.Connections.Closing(Id, Nick, reason);
        _connection.Abort();
        _ending.Cancel();
    }

    /// <summary>Ends the session of a client that is not to be served, and tells it why. Nobody sees one that has not
    /// been greeted. Called from its own read loop only.</summary>
    public async Task RefuseAsync(Refusal refusal)
    {
        _services.Connections.Closing(Id, Nick, refusal.Reason);
        lock (_lock)
        {
            // From here on it is not greeted any more, so nobody else sends anything.
            _isClosing = true;
        }

        if (Nick.Length > 0)
        {
            End(refusal.Reason, refusal.Sentence);
            return;
        }

        Interlocked.CompareExchange(ref _endReason, refusal.Reason, null);
        await refusal.AnswerAsync(_connection, _services.Settings.FlushTimeout, _services.Clock).ConfigureAwait(false);
    }

    /// <summary>Gives the person another nick and tells their rooms. Called from their own commands only.</summary>
    /// <returns>Whether the nick was free.</returns>
    public bool TryRename(string newNick)
    {
        if (!_services.Sessions.TryRename(this, newNick))
            return false;
        Nick = newNick;
        foreach (var member in Rooms.Current)
            member.Room.Rename(member, newNick);
        return true;
    }

    /// <summary>Lets the user into a room, now their current one. Called from their own commands only.</summary>
    public void Join(string room)
    {
        _current = Rooms.Find(room) ?? Rooms.Join(_services.Rooms, room, Nick, _pump);
    }

    /// <summary>Leaves a room; the last one joined becomes current. Called from their own commands only.</summary>
    public void Leave(Member member)
    {
        _services.Rooms.Leave(member, reason: null, readsOwnLeave: true);
        if (_current == member)
            _current = Rooms.Current.LastOrDefault();
    }

    private void Greet()
    {
        Nick = _services.Sessions.Add(this);
        var settings = _services.Settings;
        var others = _services.Rooms.Find(settings.DefaultRoom)?.MemberCount ?? 0;
        var company = others switch { 0 => "nobody else yet", 1 => "1 other", _ => $"{others} others" };
        _pump.Start();
        var room = $"room {settings.DefaultRoom} with {company}";
        TryPost(Notice($"Welcome to {settings.ServerName}. You are {Nick}, in {room}. Type /help for commands."));
        Join(settings.DefaultRoom);
    }

    private Notice Notice(string text) => new(text) { Time = _services.Clock.GetUtcNow() };

    void IPumpOwner.TooSlow(Member member)
    {
        if (HasEnded)
            return;
        var reason = $"too slow for {member.Room.Name}";
        _services.Connections.Closing(Id, Nick, reason);
        End(reason, "You were reading too slowly and have been disconnected.");
    }

    void IPumpOwner.Stuck() => Break($"took no byte for {_services.Outbound.Limits.SendTimeout.TotalSeconds:0.###} s");

    void IPumpOwner.Failed(Exception exception)
    {
        RecordFailure(exception);
        _ending.Cancel();
    }

    /// <summary>Records why the session ends, unless a reason is already set.</summary>
    private void RecordFailure(Exception failure)
    {
        if (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Interlocked.CompareExchange(ref _endReason, "connection lost", null);
        }
        else if (failure is InvalidDataException)
        {
            Break(failure.Message);
        }
        else
        {
            Interlocked.CompareExchange(ref _endReason, "internal error", null);
            EngineLog.SessionFailed(_services.Logger, failure, Id);
        }
    }

    /// <summary>Leaves all rooms, flushes the pump and closes. Called once, after the last line.</summary>
    /// <param name="failure">The exception that ended reading; <see langword="null"/> if it ended normally.</param>
    public async Task CloseAsync(Exception? failure)
    {
        lock (_lock)
        {
            _isClosing = true;
            _greeting?.Dispose();
        }

        if (failure is not null)
            RecordFailure(failure);
        if (Nick.Length == 0)
            _services.Connections.Unseen();
        foreach (var member in Rooms.Current.ToList())
        {
            if (_leavesSilently)
                _services.Rooms.Unfollow(member);
            else
                _services.Rooms.Leave(member, _endReason, readsOwnLeave: false);
        }

        if (Nick.Length > 0)
            _services.Sessions.Remove(this);
        var timeout = _services.Settings.FlushTimeout;
        var deadline = _services.Clock.CreateTimer(
            static state => ((IClientConnection)state!).Abort(), _connection, timeout, Timeout.InfiniteTimeSpan);
        await using (deadline.ConfigureAwait(false))
            await _pump.CompleteAsync().ConfigureAwait(false);
        try
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            EngineLog.SessionFailed(_services.Logger, exception, Id);
        }

        _services.Metrics.Connections.Add(-1);
        EngineLog.Closed(_services.Logger, Id, Nick, _endReason ?? "left");
        _onEnded(this);
    }
}
