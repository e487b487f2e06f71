using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Rooms;
using Chat.Engine.Telemetry;
using Chat.Events;

namespace Chat.Engine.Sessions;

/// <summary>
/// One connected person, from greeting to goodbye: nick, rooms, inbox, and the lane their lines go along. Each line is done with
/// before the next is read, so a person's lines keep their order and a slow hook holds up nobody but the one who spoke.
/// </summary>
internal sealed class Session
{
    private readonly IClientConnection _connection;
    private readonly SessionServices _services;

    // Never disposed: whoever ends or breaks the session may come when it has just closed, and there is nothing to let go of.
    private readonly CancellationTokenSource _ending = new();
    private readonly LineReader _reader;
    private readonly OutboundPump _pump;
    private readonly Lane _lane;
    private string? _endReason;
    private volatile bool _leavesUnseen;
    private int _wrongKeys;

    public Session(IClientConnection connection, SessionServices services)
    {
        _connection = connection;
        _services = services;
        Id = services.Sessions.NextId();
        _reader = new LineReader(connection, services.Options.MaxLineBytes);
        _lane = new Lane(_reader, new LineHandler(this, services, _ending.Token), services.Watchdog, _ending.Token);
        _pump = new OutboundPump(connection, Rooms, services)
        {
            OnTooSlow = member => EndSlow($"too slow for {member.Room.Name}"),
            OnStuck = () => Break($"took no byte for {services.Options.SendTimeout.TotalSeconds:0.###} s"),
            OnFailed = SendingFailed,
        };
    }

    /// <summary>The connection's id within the server.</summary>
    public string Id { get; }

    public string Nick { get; private set; } = "";

    /// <summary>The room the next line goes to; empty when the person is in none.</summary>
    public string CurrentRoom { get; private set; } = "";

    /// <summary>Whether the person has shown the operator's key.</summary>
    public bool IsOperator { get; set; }

    /// <summary>Whether the session has been ended, though it may not be over yet.</summary>
    public bool HasEnded => Volatile.Read(ref _endReason) is not null;

    public Memberships Rooms { get; } = new();

    /// <summary>Serves the connection from its first byte to its last, and closes it.</summary>
    public async Task RunAsync()
    {
        _services.Metrics.Connections.Add(1);
        try
        {
            EngineLog.Opened(_services.Logger, Id, _connection.Id, _connection.RemoteEndPoint);
            var first = _reader.ReadAsync(_ending.Token).AsTask();
            if (!await IsStayingAsync(first).ConfigureAwait(false))
            {
                _services.Storms.Unseen();
            }
            else
            {
                _pump.Start();
                await GreetAsync().ConfigureAwait(false);
                await _lane.RunAsync(first).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Interlocked.CompareExchange(ref _endReason, "connection lost", null);
        }
        catch (InvalidDataException exception)
        {
            Break(exception.Message);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _endReason, "internal error", null);
            EngineLog.SessionFailed(_services.Logger, exception, Id);
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Puts something into the person's inbox, unless it is full. Safe from any thread.</summary>
    public bool TryPost(ChatEvent chatEvent) => _pump.Inbox.TryPost(chatEvent);

    /// <summary>Puts something into the person's inbox, waiting for room. Called from their own commands only.</summary>
    public ValueTask PostAsync(ChatEvent chatEvent, CancellationToken cancellationToken) => _pump.Inbox.PostAsync(chatEvent, cancellationToken);

    /// <summary>Answers the person, waiting for room in the inbox. Called from their own lines only.</summary>
    public ValueTask ReplyAsync(string text) => _pump.Inbox.PostAsync(Notice(text), _ending.Token);

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
        _pump.Inbox.TryPost(Notice(farewell), urgent: true);
        StopReading();
    }

    /// <summary>Ends the session of somebody who reads too slowly, which an operator wants to know of.</summary>
    private void EndSlow(string reason)
    {
        if (HasEnded)
            return;
        _services.Storms.Closing(Id, Nick, reason);
        End(reason, "You were reading too slowly and have been disconnected.");
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
        _services.Storms.Closing(Id, Nick, reason);
        _connection.Abort();
        StopReading();
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
            member = _services.Rooms.Knock(room, Nick, _pump);
            Rooms.Add(member);
            while (!_services.Rooms.TryEnter(member))
            {
                Rooms.Remove(member);
                member = _services.Rooms.Knock(room, Nick, _pump);
                Rooms.Add(member);
            }
        }

        CurrentRoom = member.Room.Name;
    }

    /// <summary>Lets the person out of a room; they then speak in the one they joined before it. Called from their own commands only.</summary>
    public void Leave(Member member)
    {
        _services.Rooms.Leave(member, reason: null, readsOwnLeave: true);
        if (string.Equals(CurrentRoom, member.Room.Name, StringComparison.OrdinalIgnoreCase))
            CurrentRoom = Rooms.Current.LastOrDefault()?.Room.Name ?? "";
    }

    private async Task<bool> IsStayingAsync(Task<LineRead> first)
    {
        var delay = _services.Options.GreetingDelay;
        if (delay > TimeSpan.Zero && !first.IsCompleted)
            await Task.WhenAny(first, _services.Options.Clock.After(delay, _ending.Token)).ConfigureAwait(false);
        if (_ending.IsCancellationRequested)
            return false;
        try
        {
            return !first.IsCompleted || (await first.ConfigureAwait(false)).Kind != LineReadKind.End;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async ValueTask GreetAsync()
    {
        Nick = _services.Sessions.Admit(this);
        var options = _services.Options;
        var others = _services.Rooms.Find(options.DefaultRoom)?.MemberCount ?? 0;
        var company = others switch { 0 => "nobody else yet", 1 => "1 other", _ => $"{others} others" };
        await ReplyAsync($"Welcome to {options.Name}. You are {Nick}, in room {options.DefaultRoom} with {company}. Type /help for commands.").ConfigureAwait(false);
        Join(options.DefaultRoom);
    }

    private Notice Notice(string text) => new(text) { Time = _services.Options.Clock.GetUtcNow() };

    private void SendingFailed(Exception exception)
    {
        if (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Interlocked.CompareExchange(ref _endReason, "connection lost", null);
        }
        else
        {
            Interlocked.CompareExchange(ref _endReason, "internal error", null);
            EngineLog.SessionFailed(_services.Logger, exception, Id);
        }

        StopReading();
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

    /// <summary>Takes the person out of everything, lets the pump send what is left, and closes.</summary>
    private async ValueTask CloseAsync()
    {
        foreach (var member in Rooms.Current.ToList())
        {
            if (_leavesUnseen)
                _services.Rooms.Unfollow(member);
            else
                _services.Rooms.Leave(member, _endReason, readsOwnLeave: false);
        }

        if (Nick.Length > 0)
            _services.Sessions.Dismiss(this);
        var deadline = _services.Options.Clock.CreateTimer(
            static connection => ((IClientConnection)connection!).Abort(), _connection, _services.Options.FlushTimeout, Timeout.InfiniteTimeSpan);
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
    }
}
