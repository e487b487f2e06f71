using System.Net;
using Chat.Engine.Diagnostics;
using Chat.Engine.Hosting;
using Chat.Engine.Inbound;
using Chat.Engine.Observers;
using Chat.Engine.Registrations;
using Chat.Engine.Scheduling;
using Chat.Engine.Tracing;
using Chat.Events;
using Chat.Hooks;

namespace Chat.Engine;

/// <summary>A chat server: rooms, people and hooks over any transport. Safe from any thread, but started and stopped once.</summary>
public sealed class ChatServer : IAsyncDisposable
{
    private readonly EngineSettings _settings;
    private readonly EngineParts _parts;
    private readonly CancellationTokenSource _hurry = new();
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _prepared;
    private bool _couldNotBind;
    private int _isStopping;

    /// <summary>Makes a server that is not yet listening.</summary>
    /// <param name="options">How it behaves. Copied: later changes have no effect on this server.</param>
    /// <exception cref="ChatOptionsException">An option has a value it cannot have.</exception>
    /// <exception cref="InvalidOperationException">The options have listeners or a backplane, which belong to another server already.</exception>
    public ChatServer(ChatServerOptions options)
    {
        _ = options ?? throw new ArgumentNullException(nameof(options));
        options.Validate();
        _settings = options.ToSettings();
        _parts = new EngineParts(_settings, this);
        foreach (var registration in options.Registrations)
            _parts.Add(registration);
    }

    /// <summary>Where clients connect to. Exact once <see cref="BindAsync"/> has completed.</summary>
    public IReadOnlyList<EndPoint> EndPoints => [.. _settings.Listeners.Select(listener => listener.EndPoint)];

    /// <summary>The hooks and guards in the order they run.</summary>
    public IReadOnlyList<HookInfo> Hooks =>
        [.. _parts.Registrations.Bindings.Select(binding => new HookInfo(
            binding.Id, binding.Stage, binding.Options.Band, binding.Options.Order ?? 0, binding.Identity.Source))];

    /// <summary>Makes a server in one expression.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <exception cref="ChatOptionsException">An option has a value it cannot have.</exception>
    public static ChatServer Create(Action<ChatServerOptions> configure)
    {
        var options = new ChatServerOptions();
        (configure ?? throw new ArgumentNullException(nameof(configure)))(options);
        return new ChatServer(options);
    }

    /// <summary>Takes all addresses and makes ready to speak, without letting anyone in yet. <see cref="StartAsync"/> does so if this was not called.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">One of the addresses cannot be had; none is kept, and the server cannot be started any more.</exception>
    /// <exception cref="InvalidOperationException">It has failed before.</exception>
    public async ValueTask BindAsync(CancellationToken cancellationToken = default)
    {
        if (_prepared)
            return;
        if (_couldNotBind)
            throw new InvalidOperationException("This server could not be started before, and has let go of its listeners and its backplane. Make another one.");
        _couldNotBind = true;
        await _parts.Backplane.StartAsync(_parts.Rooms.Deliver, cancellationToken).ConfigureAwait(false);
        await _parts.Acceptor.BindAsync(cancellationToken).ConfigureAwait(false);
        (_prepared, _couldNotBind) = (true, false);
    }

    /// <summary>Lets clients in.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">One of the addresses cannot be had; none is kept, and the server cannot be started any more.</exception>
    /// <exception cref="InvalidOperationException">It has failed, or has been stopped, before.</exception>
    public async ValueTask StartAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _isStopping) != 0)
            throw new InvalidOperationException("This server has been stopped. Make another one.");
        await BindAsync(cancellationToken).ConfigureAwait(false);
        _parts.Alarm.Start();
        _parts.Acceptor.Open();
    }

    /// <summary>
    /// Stops: no one new comes in, everyone is told goodbye and gets what is on its way to them, within
    /// <see cref="ChatServerOptions.StopTimeout"/>; then connections that have not taken it are broken. It stops once, whoever asks; all who do wait for that.
    /// </summary>
    /// <param name="cancellationToken">Breaks the connections at once.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        using var hurrying = cancellationToken.Register(static hurry => ((CancellationTokenSource)hurry!).Cancel(), _hurry);
        if (Interlocked.Exchange(ref _isStopping, 1) == 0)
        {
            try
            {
                await _parts.Acceptor.CloseAsync(_hurry.Token).ConfigureAwait(false);
                await Task.WhenAny(_parts.Registrations.StopAllAsync(), _settings.Clock.After(TimeSpan.FromSeconds(1), _hurry.Token)).ConfigureAwait(false);
            }
            finally
            {
                _stopped.TrySetResult(true);
            }
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    /// <summary>Stops, and lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A room by its name; nobody needs to be in it.</summary>
    /// <param name="name">The name; case does not matter.</param>
    /// <exception cref="ArgumentException">It cannot be a room's name; the message says why.</exception>
    public ChatRoom Room(string name) => new(this, HostMessenger.RoomName(name));

    /// <summary>Tells one person something that nobody else sees.</summary>
    /// <param name="nick">Whom.</param>
    /// <param name="text">What; may hold several lines parted by <c>\n</c>.</param>
    /// <returns><see langword="false"/> when no one of that nick is connected, or they have too much unread already.</returns>
    public bool Tell(string nick, string text) => _parts.Messenger.Tell(nick, text);

    /// <summary>Replaces what one owner has registered, in one write: every line sees either all of the old or all of the new.</summary>
    /// <param name="old">What to take out; <see langword="null"/> to only put in.</param>
    /// <param name="next">What to put in; <see langword="null"/> to only take out.</param>
    /// <returns>
    /// A task that completes when no line uses <paramref name="old"/> any more and its observers have returned. The swap itself
    /// has taken place when this method returns.
    /// </returns>
    /// <exception cref="InvalidOperationException">An id or a command of <paramref name="next"/> is taken; nothing has changed.</exception>
    public Task SwapAsync(Registration? old, Registration? next) => _parts.Registrations.Swap(old, next);

    /// <summary>Puts up for <c>/hooks</c> what could not be loaded and why, or takes it down.</summary>
    /// <param name="source">What could not be loaded.</param>
    /// <param name="problem">Why, as a sentence that names the source; <see langword="null"/> when all is well.</param>
    public void ReportProblem(string source, string? problem) => _parts.LoadErrors.Set(source, problem, enable: null);

    /// <summary>Puts up for <c>/hooks</c> what is not loaded and why, and lets an operator ask for another try with <c>/hooks enable</c>.</summary>
    /// <param name="source">What is not loaded: a plugin's id.</param>
    /// <param name="problem">Why, as a sentence that names the source.</param>
    /// <param name="enable">Has another try. Called once at most.</param>
    public void ReportProblem(string source, string problem, Action enable) => _parts.LoadErrors.Set(source, problem, enable);

    /// <summary>What could not be loaded and why, as sentences: what has been put up with <see cref="ReportProblem(string, string?)"/>.</summary>
    public IReadOnlyList<string> Problems => _parts.LoadErrors.All;

    /// <summary>
    /// Completes when every observer has seen all that had happened when this was called. An observer that does not return keeps
    /// it waiting, so whoever waits sets a limit. For tests: nothing else in the server waits for an observer.
    /// </summary>
    public Task WhenObservedAsync()
    {
        if (!_parts.Rooms.Feed.HasFollowers)
            return Task.CompletedTask;
        var answers = new AsyncCountdownEvent();
        answers.Expect(_parts.Rooms.Feed.Append(new ObserversAsked(answers)));
        return answers.Complete;
    }

    /// <summary>What <c>/hooks</c> shows: the hooks in the order they run and what could not be loaded; several lines parted by <c>\n</c>.</summary>
    public string DescribeHooks() => _parts.Report.ToString();

    /// <summary>Says a line in a room for the application or a plugin.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">In whose name.</param>
    /// <param name="text">One line.</param>
    /// <param name="cause">The plugin that speaks, whose hooks and observers will not see it; <see langword="null"/> for the application.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What hooks tell the speaker, refusals among it; empty when there is nothing to tell.</returns>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    public ValueTask<IReadOnlyList<string>> SayAsync(string room, string nick, string text, string? cause, CancellationToken cancellationToken = default) =>
        _parts.Messenger.SayAsync(room, nick, text, cause, cancellationToken);

    /// <summary>Says a line in a room as a person does who types it: hooks that listen to <see cref="MessageOrigins.Client"/> see it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">In whose name; no one needs to be connected by it.</param>
    /// <param name="text">One line, which is said even when it looks like a command.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What hooks tell the speaker, refusals among it; empty when there is nothing to tell.</returns>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    public async ValueTask<IReadOnlyList<string>> SayAsPersonAsync(string room, string nick, string text, CancellationToken cancellationToken = default) =>
        await _parts.Messenger.SendAsync(_parts.Messenger.WriteAsPerson(room, nick, text), cancellationToken).ConfigureAwait(false);

    /// <summary>Says a line as a person does who types it, as <see cref="SayAsPersonAsync"/> does, and explains what became of it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">In whose name; no one needs to be connected by it.</param>
    /// <param name="text">One line, which is said even when it looks like a command.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The nick or the text is not valid; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The server keeps no record of lines: <see cref="ChatServerOptions.TracedLines"/> is 0, or too few for what is said meanwhile.</exception>
    public async Task<LineExplanation> TraceAsync(string room, string nick, string text, CancellationToken cancellationToken = default)
    {
        var message = _parts.Messenger.WriteAsPerson(room, nick, text);
        await _parts.Messenger.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return Explain(message.Id) ?? throw new InvalidOperationException("The server keeps no record of lines, or too few.");
    }

    /// <summary>Explains why a line came out as it did: every hook it went through, and what became of it.</summary>
    /// <param name="messageId">The line's number, as <see cref="MessageContext.Id"/> and <see cref="Said.MessageId"/> have it.</param>
    /// <returns><see langword="null"/> when the line is not, or no longer, known: see <see cref="ChatServerOptions.TracedLines"/>.</returns>
    public LineExplanation? Explain(long messageId) => _parts.Recorder?.Find(messageId);

    /// <summary>Explains the last line of a connection, as <see cref="Explain"/> does.</summary>
    /// <param name="connectionId">The connection, as <see cref="MessageContext.ConnectionId"/> has it.</param>
    /// <returns><see langword="null"/> when there is none, or it is no longer known.</returns>
    public LineExplanation? ExplainLast(string connectionId) => _parts.Recorder?.LastOf(connectionId ?? throw new ArgumentNullException(nameof(connectionId)));

    /// <summary>Explains the last line of somebody, as <see cref="Explain"/> does.</summary>
    /// <param name="nick">The nick it was said under; its owner may have left.</param>
    /// <returns><see langword="null"/> when there is none, or it is no longer known.</returns>
    public LineExplanation? ExplainLastBy(string nick) => _parts.Recorder?.LastBy(nick ?? throw new ArgumentNullException(nameof(nick)));

    /// <summary>Explains the last line of all, as <see cref="Explain"/> does.</summary>
    /// <returns><see langword="null"/> when there was none.</returns>
    public LineExplanation? ExplainLast() => _parts.Recorder?.Last();

    /// <summary>Whether a connection's person has shown the operator's key.</summary>
    /// <param name="connectionId">The connection, as <see cref="Chat.Commands.CommandCall.ConnectionId"/> has it.</param>
    public bool IsOperator(string connectionId) =>
        _parts.Sessions.Sessions.FindByConnection(connectionId ?? throw new ArgumentNullException(nameof(connectionId))) is { IsOperator: true };

    /// <summary>
    /// Counts a fault of a plugin that did not happen in a call of the server's, on a thread of its own say, against all its hooks and guards: too many disable
    /// them.
    /// </summary>
    /// <param name="owner">The plugin's id.</param>
    /// <param name="exception">What happened.</param>
    public void ReportFault(string owner, Exception exception)
    {
        _ = exception ?? throw new ArgumentNullException(nameof(exception));
        foreach (var binding in _parts.Registrations.Bindings.Where(binding => string.Equals(binding.Identity.Owner, owner, StringComparison.OrdinalIgnoreCase)))
            binding.Target.Fault(exception, binding.OnFailure);
    }

    /// <summary>Announces a line to a room for the application or a plugin. Hooks do not see it.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">One line.</param>
    /// <param name="cause">The plugin that speaks, whose observers will not see it; <see langword="null"/> for the application.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The text is not valid; the message says why.</exception>
    public ValueTask AnnounceAsync(string room, string text, string? cause, CancellationToken cancellationToken = default) =>
        _parts.Messenger.AnnounceAsync(room, text, cause, cancellationToken);

    internal IAsyncEnumerable<RoomEvent> Read(string room) => new RoomReader(_parts.Rooms, room, _parts.Acceptor.Stopping).Begin();
}
