namespace Chat.Engine.Sessions;

/// <summary>One connected client, from its connection to its goodbye: phase, nick, rooms and inbox. Each line is
/// handled before the next is read, so a client's lines stay in order and a slow hook delays only their
/// sender.</summary>
internal sealed class Session : IPumpOwner, ISignInOwner, IProtocolClient
{
    private readonly SessionServices _services;
    private readonly ListenerSettings _listener;
    private readonly SessionEnding _ending = new();
    private readonly OutboundPump _pump;
    private readonly Action<Session> _onEnded;
    private List<ChatEvent>? _replies;
    private volatile SessionPhase _phase;

    // Null once the client has signed in.
    private volatile SignIn? _signIn;
    private int _wrongKeys;

    /// <param name="connection">The connection, owned by the session.</param>
    /// <param name="listener">The protocol and the layers of its listener.</param>
    /// <param name="services">The services shared by the server's sessions.</param>
    /// <param name="onEnded">Called once, after the connection has closed and all work has completed.</param>
    public Session(
        GuardedConnection connection, ListenerSettings listener, SessionServices services, Action<Session> onEnded)
    {
        Connection = connection;
        _listener = listener;
        _services = services;
        _onEnded = onEnded;
        Id = services.Sessions.NextId();
        Protocol = listener.Protocol.Open(this);
        _pump = new OutboundPump(connection, new Memberships(), services.Outbound, this);
        Presence = new Presence(Id, services, _pump);
        _signIn = new SignIn(this);
        services.Sessions.Add(this);
    }

    /// <summary>Cancelled when the session ends.</summary>
    public CancellationToken Ending => _ending.Token;

    public GuardedConnection Connection { get; }

    /// <summary>The protocol's side of this connection.</summary>
    public IProtocolSession Protocol { get; }

    public bool HasEditingKeys => _listener.Protocol.HasEditingKeys;

    /// <summary>The session's id, unique within the server.</summary>
    public string Id { get; }

    /// <summary>Who the client is and where.</summary>
    public Presence Presence { get; }

    /// <inheritdoc cref="Presence.Sender"/>
    public Sender Sender => Presence.Sender;

    public string Nick => Sender.Nick;

    /// <summary>The room the next line goes to; empty if the user is in none.</summary>
    public string CurrentRoom => Presence.CurrentRoom?.Name ?? "";

    /// <inheritdoc cref="Presence.Rooms"/>
    public Memberships Rooms => Presence.Rooms;

    /// <summary>Whether the session has been ended, even if it is still closing.</summary>
    public bool HasEnded => _ending.HasEnded;

    /// <summary>Whether lines the user has already typed are no longer handled.</summary>
    public bool IsToGo => _ending.IsByServer;

    public bool IsConnecting => _phase == SessionPhase.Connecting;

    /// <summary>Whether the client has a nick, and others see it.</summary>
    public bool IsSignedIn => _phase == SessionPhase.Talking;

    IEventEncoder IPumpOwner.Encoder => Protocol.Encoder;

    string IProtocolClient.SessionId => Id;

    /// <summary>Announces the session to the log. Called once, before anything else.</summary>
    public void Start()
    {
        _services.Metrics.Connections.Add(1);
        EngineLog.Opened(_services.Logger, Id, Connection.Id, Connection.RemoteEndPoint);
    }

    /// <summary>Opens the layers of the connection; the client may then sign in.</summary>
    /// <exception cref="InvalidDataException">The peer broke a layer's rules.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask ConnectAsync()
    {
        await Handshake.RunAsync(
            Connection, _listener.Layers, _services.Settings.HandshakeTimeout, _services.Clock, Ending)
            .ConfigureAwait(false);
        _phase = SessionPhase.SigningIn;
        if (_listener.Protocol.SignsInGuests)
            await _signIn!.TryAfterAsync(_services.Settings.GreetingDelay, _services.Clock).ConfigureAwait(false);
    }

    /// <summary>Signs a guest in, or waits until that is done, if the protocol does so unasked.</summary>
    public async ValueTask AdmitGuestAsync()
    {
        if (_listener.Protocol.SignsInGuests && _signIn is { } signIn)
            await signIn.TryAsync(null).ConfigureAwait(false);
    }

    void IProtocolClient.Reply(ChatEvent chatEvent) =>
        AddReply(chatEvent ?? throw new ArgumentNullException(nameof(chatEvent)));

    void IProtocolClient.SignIn(string? nick) => _signIn?.Want(nick);

    /// <summary>Signs the client in if its protocol has asked for that.</summary>
    public ValueTask<bool> SignInIfWantedAsync() => _signIn?.TryWantedAsync() ?? default;

    /// <summary>Adds a reply to the current line, sent by <see cref="SendRepliesAsync"/>.</summary>
    public void AddReply(ChatEvent chatEvent) => (_replies ??= []).Add(chatEvent);

    public bool HasReplies => _replies is { Count: > 0 };

    /// <summary>Sends the replies to a line that has been handled, waiting for room in the inbox.</summary>
    public async ValueTask SendRepliesAsync()
    {
        foreach (var reply in _replies!)
            await PostAsync(Timed(reply), Ending).ConfigureAwait(false);
        _replies.Clear();
        _pump.Start();
    }

    /// <summary>Posts an event to the client's inbox, unless it is full. Safe from any thread.</summary>
    public bool TryPost(ChatEvent chatEvent) => _pump.Inbox.TryPost(chatEvent);

    /// <summary>Posts an event to the client's inbox, waiting for room. Called from its own commands only.</summary>
    public ValueTask PostAsync(ChatEvent chatEvent, CancellationToken cancellationToken) =>
        _pump.Inbox.PostAsync(chatEvent, cancellationToken);

    /// <summary>On an event loop's thread, serves the user first in the round that their next line causes, so they go
    /// on while the others are served. Skipped during an earlier round, or if a hook has to be waited for.</summary>
    public void PrioritizeSender()
    {
        if (EventLoop.Current is not null && Presence.CurrentRoom is { IsAtRest: true })
            _pump.Wake();
    }

    /// <summary>Makes the user an operator. Called from their own commands only.</summary>
    public void MakeOperator()
    {
        Presence.Grant(Events.Roles.Operator);
        EngineLog.OperatorCame(_services.Logger, Id, Nick);
    }

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
        if (!_ending.TryEnd(reason, isByServer: true))
            return;
        _pump.Inbox.TryPost(Timed(new Notice(farewell)), urgent: true);
        Cancel();
    }

    /// <summary>Ends the session at once. Safe from any thread.</summary>
    /// <param name="reason">The reason, for the log.</param>
    public void Break(string reason)
    {
        _ending.TryEnd(reason, isByServer: true);
        _services.Connections.Closing(Id, Nick, reason);
        Connection.Abort();
        Cancel();
    }

    /// <summary>Ends the session of a client that is not to be served, and tells it why. Nobody sees one that has not
    /// signed in. Called from its own read loop only.</summary>
    public async Task RefuseAsync(Refusal refusal)
    {
        _services.Connections.Closing(Id, Nick, refusal.Reason);
        if (_signIn is null || await _signIn.PreventAsync().ConfigureAwait(false) || _pump.HasStarted)
        {
            End(refusal.Reason, refusal.Sentence);
            return;
        }

        _ending.TryEnd(refusal.Reason);
        await refusal.AnswerAsync(Connection, _services.Settings.FlushTimeout, _services.Clock).ConfigureAwait(false);
    }

    /// <summary>Leaves all rooms, flushes the pump and closes. Called once, after the last line.</summary>
    /// <param name="failure">The exception that ended reading; <see langword="null"/> if it ended normally.</param>
    public async Task CloseAsync(Exception? failure)
    {
        if (failure is not null)
            Fail(failure);
        var wasSignedIn = _signIn is not { } signIn || await signIn.PreventAsync().ConfigureAwait(false);
        _phase = SessionPhase.Leaving;
        if (!wasSignedIn)
            _services.Connections.Unseen();
        var leaving = Presence.LeaveAllAsync(_ending.Reason);
        if (!leaving.IsCompleted)
        {
            await Task.WhenAny(leaving, _services.Clock.After(_services.Settings.FlushTimeout, CancellationToken.None))
                .ConfigureAwait(false);
            Presence.LeaveHere(_ending.Reason);
        }

        var deadline = _services.Clock.CreateTimer(
            static state => ((IClientConnection)state!).Abort(), Connection, _services.Settings.FlushTimeout,
            Timeout.InfiniteTimeSpan);
        await using (deadline.ConfigureAwait(false))
            await _pump.CompleteAsync().ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
        _services.Sessions.Remove(this);
        _services.Metrics.Connections.Add(-1);
        EngineLog.Closed(_services.Logger, Id, Nick, _ending.Reason ?? "left");
        _onEnded(this);
    }

    void IPumpOwner.TooSlow(Member member)
    {
        if (HasEnded)
            return;
        var reason = $"too slow for {member.Room.Name}";
        _services.Connections.Closing(Id, Nick, reason);
        End(reason, "You were reading too slowly and have been disconnected.");
    }

    void IPumpOwner.Stuck() => Break($"read nothing for {_services.Outbound.Limits.SendTimeout.TotalSeconds:0.###} s");

    void IPumpOwner.Failed(Exception exception) => Fail(exception);

    void ISignInOwner.Failed(Exception exception) => Fail(exception);

    private void Fail(Exception exception)
    {
        if (_ending.Fail(exception, Id, _services.Logger) is { } brokenRule)
        {
            Break(brokenRule);
            return;
        }

        if (_ending.Reason == SessionEnding.InternalError)
        {
            TryPost(Timed(new Notice("Something went wrong in the server. The operator can see why. Goodbye.")));
            _pump.Start();
        }

        Cancel();
    }

    /// <summary>Cancels what the session does, without waiting for the callbacks of plugins.</summary>
    private void Cancel() =>
        _ = _ending.CancelOnPoolAsync(exception => EngineLog.SessionFailed(_services.Logger, exception, Id));

    async ValueTask<bool> ISignInOwner.SignInAsync(string? wanted)
    {
        if (HasEnded)
            return false;
        if (wanted is null)
        {
            while (!await Presence.TryClaimAsync(_services.Sessions.NextGuest(), Ending).ConfigureAwait(false))
            {
                // A guest of another server has claimed it at the same time.
            }
        }
        else if (NameRules.ProblemWithNick(wanted, out var nick) is { } problem)
        {
            AddReply(new Refused(RefusalCode.InvalidNick, problem));
            return false;
        }
        else if (!await Presence.TryClaimAsync(nick, Ending).ConfigureAwait(false))
        {
            AddReply(new Refused(RefusalCode.NickTaken, nick));
            return false;
        }

        var settings = _services.Settings;
        var others = _services.Rooms.Find(settings.DefaultRoom)?.MemberCount ?? 0;
        TryPost(Timed(new Welcomed(settings.ServerName, Nick, settings.DefaultRoom, others)));
        _pump.Start();
        await Presence.JoinAsync(settings.DefaultRoom, Ending).ConfigureAwait(false);
        _phase = SessionPhase.Talking;
        _signIn = null;
        return true;
    }

    private ChatEvent Timed(ChatEvent chatEvent) =>
        chatEvent.Time == default ? chatEvent with { Time = _services.Clock.GetUtcNow() } : chatEvent;
}
