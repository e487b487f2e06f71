using System.Net;

namespace Chat.Engine;

/// <summary>A chat server: rooms, users and hooks over any transport. Safe from any thread; starts and stops
/// once.</summary>
public sealed class ChatServer : IAsyncDisposable
{
    private readonly EngineSettings _settings;
    private readonly EngineParts _parts;
    private readonly CancellationTokenSource _aborting = new();
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _prepared;
    private bool _couldNotBind;
    private int _isStopping;

    /// <summary>Creates a server that is not yet listening.</summary>
    /// <param name="options">The options. They are copied: later changes do not affect this server.</param>
    /// <exception cref="ChatOptionsException">An option has an invalid value.</exception>
    /// <exception cref="InvalidOperationException">The options' listeners or backplane belong to another
    /// server.</exception>
    public ChatServer(ChatServerOptions options)
    {
        _ = options ?? throw new ArgumentNullException(nameof(options));
        options.Validate();
        _settings = options.ToSettings();
        _parts = new EngineParts(_settings, this);
        foreach (var registration in options.Registrations)
            _parts.Add(registration);
    }

    /// <summary>Where clients connect to. Exact once <see cref="PrepareAsync"/> has completed.</summary>
    public IReadOnlyList<EndPoint> EndPoints => _parts.Acceptor.EndPoints;

    /// <summary>The hooks and guards in the order they run.</summary>
    public IReadOnlyList<HookInfo> Hooks =>
        [.. _parts.Registrations.Bindings.Select(step => new HookInfo(
            step.Id, step.Stage, step.Options.Band, step.Options.Order ?? 0, step.Identity.Source))];

    /// <summary>Creates a server from a configuration callback.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ChatOptionsException">An option has an invalid value.</exception>
    public static ChatServer Create(Action<ChatServerOptions> configure)
    {
        var options = new ChatServerOptions();
        (configure ?? throw new ArgumentNullException(nameof(configure)))(options);
        return new ChatServer(options);
    }

    /// <summary>Binds all listeners and starts the backplane without accepting connections. Optional before
    /// <see cref="StartAsync"/>.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">A listener could not be bound; all are released. Make a new server.</exception>
    /// <exception cref="InvalidOperationException">An earlier attempt has failed.</exception>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken = default)
    {
        if (_prepared)
            return;
        if (_couldNotBind)
        {
            throw new InvalidOperationException(
                "This server failed to start and has released its listeners and its backplane. "
                + "Create another one.");
        }

        _couldNotBind = true;
        foreach (var recorder in _parts.Recorders)
            recorder.Start();
        await _parts.Backplane.StartAsync(_parts.Applier.Apply, cancellationToken).ConfigureAwait(false);
        await _parts.Acceptor.ListenAsync(cancellationToken).ConfigureAwait(false);
        (_prepared, _couldNotBind) = (true, false);
    }

    /// <summary>Starts accepting connections.</summary>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="IOException">A listener could not be bound; all are released. Make a new server.</exception>
    /// <exception cref="InvalidOperationException">The server has failed to start or has been stopped.</exception>
    public async ValueTask StartAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _isStopping) != 0)
            throw new InvalidOperationException("This server has been stopped. Create another one.");
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        _parts.Alarm.Start();
        _parts.Watchdog.Start();
        _parts.Acceptor.Open();
    }

    /// <summary>Stops the server: accepts no more connections, says goodbye to every client and delivers pending output
    /// within <see cref="ChatServerOptions.StopTimeout"/>, then aborts the remaining connections. The server stops
    /// once; every caller waits for that.</summary>
    /// <param name="cancellationToken">Aborts the connections at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        using var hurrying = cancellationToken.Register(
            static aborting => ((CancellationTokenSource)aborting!).Cancel(), _aborting);
        if (Interlocked.Exchange(ref _isStopping, 1) == 0)
        {
            try
            {
                await _parts.Acceptor.CloseAsync(_aborting.Token).ConfigureAwait(false);
                var observersEnded = _parts.Registrations.StopAllAsync();
                var timeout = _settings.Clock.After(TimeSpan.FromSeconds(1), _aborting.Token);
                await Task.WhenAny(observersEnded, timeout).ConfigureAwait(false);
                var timeUp = _settings.Clock.After(_settings.StopTimeout, _aborting.Token);
                await Task.WhenAll(_parts.Recorders.Select(recorder => recorder.StopAsync(timeUp)))
                    .ConfigureAwait(false);
            }
            finally
            {
                _stopped.TrySetResult(true);
            }
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Stops the server and releases its resources.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Returns a room by its name. Nobody needs to be in it.</summary>
    /// <param name="name">The room's name; case does not matter.</param>
    /// <exception cref="ArgumentException">The name is not valid; the message says why.</exception>
    public ChatRoom Room(string name) => new(this, HostMessenger.RoomName(name));

    /// <summary>Sends one user a private notice.</summary>
    /// <param name="nick">The user's nick.</param>
    /// <param name="text">The notice; may hold several lines separated by <c>\n</c>.</param>
    /// <returns><see langword="false"/> if the user is not connected or has too many unread messages.</returns>
    public bool Tell(string nick, string text) => _parts.Messenger.Tell(nick, text);

    /// <summary>Replaces one owner's registration: every line sees either all of the old or all of the new.</summary>
    /// <param name="old">The registration to remove; <see langword="null"/> to only add.</param>
    /// <param name="next">The registration to add; <see langword="null"/> to only remove.</param>
    /// <returns>A task that completes when no line uses <paramref name="old"/> any more and its observers have
    /// returned. The swap itself is complete when this method returns.</returns>
    /// <exception cref="InvalidOperationException">An id or command is taken; nothing has changed.</exception>
    public Task SwapAsync(Registration? old, Registration? next) => _parts.Registrations.Swap(old, next);

    /// <summary>Sets or clears a load error shown by <c>/hooks</c>.</summary>
    /// <param name="source">The source that could not be loaded.</param>
    /// <param name="problem">The reason, as a sentence that names the source; <see langword="null"/> clears the
    /// error.</param>
    public void ReportProblem(string source, string? problem) => _parts.LoadErrors.Set(source, problem, enable: null);

    /// <summary>Sets a load error shown by <c>/hooks</c>, which an operator can retry with <c>/hooks
    /// enable</c>.</summary>
    /// <param name="source">The id of the plugin that is not loaded.</param>
    /// <param name="problem">The reason, as a sentence that names the source.</param>
    /// <param name="enable">Retries the plugin. Called at most once.</param>
    public void ReportProblem(string source, string problem, Action enable) =>
        _parts.LoadErrors.Set(source, problem, enable);

    /// <summary>The load errors set with <see cref="ReportProblem(string, string?)"/>, as sentences.</summary>
    public IReadOnlyList<string> Problems => _parts.LoadErrors.All;

    /// <summary>Waits until every observer has seen everything that happened before this call. Waits as long as an
    /// observer hangs, so callers should set a limit. For tests: nothing else in the server waits for
    /// observers.</summary>
    public Task WhenObservedAsync()
    {
        if (!_parts.Rooms.Feed.HasFollowers)
            return Task.CompletedTask;
        var answers = new AsyncCountdownEvent();
        answers.Expect(_parts.Rooms.Feed.Append(new ObserversAsked(answers)));
        return answers.Complete;
    }

    /// <summary>Returns the text of <c>/hooks</c>: the hooks in order and the load errors, in lines separated by
    /// <c>\n</c>.</summary>
    public string DescribeHooks() => _parts.Report.ToString();

    /// <summary>Says a line in a room for the application or a plugin.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">The nick to speak under.</param>
    /// <param name="text">One line.</param>
    /// <param name="cause">The speaking plugin, whose hooks and observers do not see the line; <see langword="null"/>
    /// for the application.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The hooks' replies to the speaker, including refusals; empty if there are none.</returns>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    public ValueTask<IReadOnlyList<string>> SayAsync(
        string room, string nick, string text, string? cause, CancellationToken cancellationToken = default) =>
        _parts.Messenger.SayAsync(room, nick, text, cause, cancellationToken);

    /// <summary>Says a line as if a user had typed it: hooks for <see cref="MessageOrigins.Client"/> see it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">The nick to speak under; no session needs to have it.</param>
    /// <param name="text">One line; said even if it looks like a command.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The hooks' replies to the speaker, including refusals; empty if there are none.</returns>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    public async ValueTask<IReadOnlyList<string>> SayAsPersonAsync(
        string room, string nick, string text, CancellationToken cancellationToken = default)
    {
        var message = _parts.Messenger.WriteAsPerson(room, nick, text);
        return await _parts.Messenger.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says a line as <see cref="SayAsPersonAsync"/> does, and explains what became of it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">The nick to speak under; no session needs to have it.</param>
    /// <param name="text">One line; said even if it looks like a command.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    /// <exception cref="InvalidOperationException"><see cref="ChatServerOptions.TracedLines"/> is 0 or too small for
    /// the lines said meanwhile.</exception>
    public async Task<LineExplanation> TraceAsync(
        string room, string nick, string text, CancellationToken cancellationToken = default)
    {
        var message = _parts.Messenger.WriteAsPerson(room, nick, text);
        await _parts.Messenger.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return Explain(message.Id)
            ?? throw new InvalidOperationException("The server keeps no record of lines, or too few.");
    }

    /// <summary>Explains a line: every hook it went through, and what became of it.</summary>
    /// <param name="messageId">The line's number: <see cref="MessageContext.Id"/> or
    /// <see cref="Said.MessageId"/>.</param>
    /// <returns><see langword="null"/> if the line is not, or no longer, among the
    /// <see cref="ChatServerOptions.TracedLines"/>.</returns>
    public LineExplanation? Explain(long messageId) => _parts.Recorder?.Find(messageId);

    /// <summary>Explains the last line of a session, as <see cref="Explain"/> does.</summary>
    /// <param name="sessionId">The session's id: <see cref="Sender.SessionId"/>.</param>
    /// <returns><see langword="null"/> if there is none, or it is no longer known.</returns>
    public LineExplanation? ExplainLast(string sessionId) =>
        _parts.Recorder?.LastOf(sessionId ?? throw new ArgumentNullException(nameof(sessionId)));

    /// <summary>Explains the last line said under a nick, as <see cref="Explain"/> does.</summary>
    /// <param name="nick">The nick; its owner may have left.</param>
    /// <returns><see langword="null"/> if there is none, or it is no longer known.</returns>
    public LineExplanation? ExplainLastBy(string nick) =>
        _parts.Recorder?.LastBy(nick ?? throw new ArgumentNullException(nameof(nick)));

    /// <summary>Explains the server's last line, as <see cref="Explain"/> does.</summary>
    /// <returns><see langword="null"/> if there is none.</returns>
    public LineExplanation? ExplainLast() => _parts.Recorder?.Last();

    /// <summary>Returns whether a session's user has entered the operator key.</summary>
    /// <param name="sessionId">The session's id: <see cref="Chat.Commands.CommandCall.SessionId"/>.</param>
    public bool IsOperator(string sessionId)
    {
        _ = sessionId ?? throw new ArgumentNullException(nameof(sessionId));
        return _parts.Sessions.Sessions.Find(sessionId) is { } session
            && session.Sender.IsInRole(Roles.Operator);
    }

    /// <summary>Counts a fault that a plugin caused outside a call by the server, on its own thread for example,
    /// against all its hooks and guards. Too many faults disable them.</summary>
    /// <param name="owner">The plugin's id.</param>
    /// <param name="exception">The fault.</param>
    public void ReportFault(string owner, Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        foreach (var step in _parts.Registrations.Bindings)
        {
            if (string.Equals(step.Identity.Owner, owner, StringComparison.OrdinalIgnoreCase))
                step.Target.Fault(exception, step.OnFailure);
        }
    }

    /// <summary>Announces a line to a room for the application or a plugin. Hooks do not see it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">One line.</param>
    /// <param name="cause">The speaking plugin, whose observers do not see the line; <see langword="null"/> for the
    /// application.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The text is not valid; the message says why.</exception>
    public ValueTask AnnounceAsync(
        string room, string text, string? cause, CancellationToken cancellationToken = default) =>
        _parts.Messenger.AnnounceAsync(room, text, cause, cancellationToken);

    internal IAsyncEnumerable<RoomEvent> Read(string room) => _parts.Read(room);
}
