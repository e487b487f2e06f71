using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Diagnostics;
using Chat.Engine.Outbound;
using Chat.Engine.Rooms;
using Chat.Engine.Scheduling;
using Chat.Events;

namespace Chat.Engine.Sessions;

/// <summary>
/// One connected person, from greeting to goodbye: nick, rooms, inbox, and the lane their lines go along. Each line is done with
/// before the next is read, so a person's lines keep their order and a hook that is waited for holds up nobody but the one who spoke.
/// </summary>
internal sealed class Session : IPumpOwner
{
    private readonly IClientConnection _connection;
    private readonly SessionServices _services;

    // Never disposed: whoever ends or breaks the session may come when it has just closed, and there is nothing to let go of.
    private readonly CancellationTokenSource _ending = new();
    private readonly OutboundPump _pump;
    private readonly object _lock = new();
    private readonly Action<Session> _onEnded;
    private ITimer? _greeting;
    private Member? _speaksIn;
    private string? _endReason;
    private volatile bool _leavesUnseen, _isToGo;
    private bool _isClosing;
    private int _wrongKeys;

    /// <param name="connection">The connection, owned by the session.</param>
    /// <param name="services">What the server's sessions share.</param>
    /// <param name="onEnded">Called once, when the connection is closed and everything is done.</param>
    public Session(IClientConnection connection, SessionServices services, Action<Session> onEnded)
    {
        _connection = connection;
        _services = services;
        _onEnded = onEnded;
        Id = services.Sessions.NextId();
        _pump = new OutboundPump(connection, Rooms, services.Outbound, this);
    }

    /// <summary>Cancelled when the session ends.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>The connection's id within the server.</summary>
    public string Id { get; }

    public string Nick { get; private set; } = "";

    /// <summary>The room the next line goes to; empty when the person is in none.</summary>
    public string CurrentRoom => _speaksIn?.Room.Name ?? "";

    /// <summary>Whether the person has shown the operator's key.</summary>
    public bool IsOperator { get; set; }

    /// <summary>Whether the session has been ended, though it may not be over yet.</summary>
    public bool HasEnded => Volatile.Read(ref _endReason) is not null;

    /// <summary>Whether the person has been told to go, or was cut off: what they have typed ahead is not handled any more. Not so when they go by themselves.</summary>
    public bool IsToGo => _isToGo;

    public Memberships Rooms { get; } = new();

    /// <summary>Begins to serve the connection, from its first byte to its last. Called once.</summary>
    public void Start()
    {
        _services.Metrics.Connections.Add(1);
        EngineLog.Opened(_services.Logger, Id, _connection.Id, _connection.RemoteEndPoint);
        var delay = _services.Settings.GreetingDelay;
        if (delay == TimeSpan.Zero)
            TryGreet();
        else
            _greeting = _services.Clock.CreateTimer(static session => ((Session)session!).TryGreet(), this, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Greets the person and lets them into the first room, if that has not happened yet: after a while, or when their first line comes.</summary>
    /// <returns><see langword="false"/> when the session has ended before.</returns>
    public bool TryGreet()
    {
        // The timer and the first line, or the end, may come at once; nobody else locks the lane. Nothing is sent in here: the pump is only queued.
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

    /// <summary>Puts something into the person's inbox, unless it is full. Safe from any thread.</summary>
    public bool TryPost(ChatEvent chatEvent) => _pump.Inbox.TryPost(chatEvent);

    /// <summary>Puts something into the person's inbox, waiting for room. Called from their own commands only.</summary>
    public ValueTask PostAsync(ChatEvent chatEvent, CancellationToken cancellationToken) => _pump.Inbox.PostAsync(chatEvent, cancellationToken);

    /// <summary>Answers the person, waiting for room in the inbox. Called from their own lines only.</summary>
    public ValueTask ReplyAsync(string text) => _pump.Inbox.PostAsync(Notice(text), _ending.Token);

    /// <summary>
    /// The person is about to speak. On an event loop's thread they come first in the round that this leads to: they see their line, and
    /// go on, while the others are served. Not while an earlier round is under way: nobody is to run ahead of the others. Should a hook have
    /// to be waited for, they are served with the others.
    /// </summary>
    public void PrioritizeSender()
    {
        // There may come nothing of it: then a turn of the pump finds nothing to send.
        if (EventLoop.Current is not null && _speaksIn is { Room.IsAtRest: true })
            _pump.Wake();
    }

    /// <summary>Says in the log that the person is an operator now.</summary>
    public void LogOperator() => EngineLog.OperatorCame(_services.Logger, Id, Nick);

    /// <summary>Takes note of a wrong operator's key.</summary>
    /// <returns>How many there were.</returns>
    public int CountWrongKey()
    {
        EngineLog.WrongKey(_services.Logger, Id, Nick);
        return ++_wrongKeys;
    }

    /// <summary>Ends the session politely: what is on its way, and the farewell, are still sent. Safe from any thread.</summary>
    /// <param name="reason">Why, as the others see it.</param>
    /// <param name="farewell">What the person is told.</param>
    public void End(string reason, string farewell)
    {
        if (Interlocked.CompareExchange(ref _endReason, reason, null) is not null)
            return;
        _isToGo = true;
        _pump.Inbox.TryPost(Notice(farewell), urgent: true);
        StopReading();
    }

    /// <summary>Ends the session because the server stops: as <see cref="End"/>, but the others, who go too, are not told.</summary>
    public void Stop(string farewell)
    {
        _leavesUnseen = true;
        End("the server is stopping", farewell);
    }

    /// <summary>Ends the session at once. Safe from any thread.</summary>
    /// <param name="reason">Why, for the log.</param>
    public void Break(string reason)
    {
        Interlocked.CompareExchange(ref _endReason, reason, null);
        _isToGo = true;
        _services.Connections.Closing(Id, Nick, reason);
        _connection.Abort();
        StopReading();
    }

    /// <summary>
    /// Ends the session of a client that is not to be served, and tells it why. Nobody sees one that has not been greeted. Called
    /// from its own read loop only.
    /// </summary>
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

    /// <summary>Lets the person into a room and makes it the one they speak in. Called from their own commands only.</summary>
    public void Join(string room)
    {
        var member = Rooms.Find(room);
        if (member is null)
        {
            // Known to the pump before it is in: whatever answers to the joining comes after the line that says so.
            member = _services.Rooms.PrepareJoin(room, Nick, _pump);
            Rooms.Add(member);
            while (!_services.Rooms.TryEnter(member))
            {
                Rooms.Remove(member);
                member = _services.Rooms.PrepareJoin(room, Nick, _pump);
                Rooms.Add(member);
            }
        }

        _speaksIn = member;
    }

    /// <summary>Lets the person out of a room; they then speak in the one they joined before it. Called from their own commands only.</summary>
    public void Leave(Member member)
    {
        _services.Rooms.Leave(member, reason: null, readsOwnLeave: true);
        if (_speaksIn == member)
            _speaksIn = Rooms.Current.LastOrDefault();
    }

    private void Greet()
    {
        Nick = _services.Sessions.Add(this);
        var settings = _services.Settings;
        var others = _services.Rooms.Find(settings.DefaultRoom)?.MemberCount ?? 0;
        var company = others switch { 0 => "nobody else yet", 1 => "1 other", _ => $"{others} others" };
        _pump.Start();
        TryPost(Notice($"Welcome to {settings.ServerName}. You are {Nick}, in room {settings.DefaultRoom} with {company}. Type /help for commands."));
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
        Note(exception);
        StopReading();
    }

    /// <summary>Notes why the session ends, unless that is known.</summary>
    private void Note(Exception failure)
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

    /// <summary>Ends the read loop, and the hook it may be waiting for. On the pool: what a hook has registered on its token runs there, and may block.</summary>
    private void StopReading() => _ = Task.Run(CancelReading);

    private void CancelReading()
    {
        try
        {
            _ending.Cancel();
        }
        catch (AggregateException exception)
        {
            // What a hook has registered failed.
            EngineLog.SessionFailed(_services.Logger, exception, Id);
        }
    }

    /// <summary>Takes the person out of everything, lets the pump send what is left, and closes. Called once, when no more lines are read.</summary>
    /// <param name="failure">With what reading has ended; <see langword="null"/> when it ended well.</param>
    public async Task CloseAsync(Exception? failure)
    {
        lock (_lock)
        {
            _isClosing = true;
            _greeting?.Dispose();
        }

        if (failure is not null)
            Note(failure);
        if (Nick.Length == 0)
            _services.Connections.Unseen();
        foreach (var member in Rooms.Current.ToList())
        {
            if (_leavesUnseen)
                _services.Rooms.Unfollow(member);
            else
                _services.Rooms.Leave(member, _endReason, readsOwnLeave: false);
        }

        if (Nick.Length > 0)
            _services.Sessions.Remove(this);
        var deadline = _services.Clock.CreateTimer(
            static connection => ((IClientConnection)connection!).Abort(), _connection, _services.Settings.FlushTimeout, Timeout.InfiniteTimeSpan);
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
