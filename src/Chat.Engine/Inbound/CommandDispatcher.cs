namespace Chat.Engine.Inbound;

/// <summary>Handles a user's lines: the protocol parses the line, a command answers it, and messages are sent through
/// the hooks.</summary>
internal sealed class CommandDispatcher(Session session, InboundServices services, CancellationToken ending)
{
    // Created with the first message: most connections are silent.
    private PipelineRun? _run;

    // The current line's state: read by the loop that takes over the line while the loop that wrote it is stuck.
    private RegistrationSet? _set;
    private OwnedCommand? _command;
    private bool _hasLoggedTooLong;

    // The replies to the current line, sent once it is done: a slow reader must not keep a plugin's old version in use.
    private readonly List<string> _replies = [];

    // The arrival time of the current lines; unset until the first of them is handled.
    private DateTimeOffset _arrival;

    /// <summary>Handles a line, synchronously if nothing has to be waited for. One line at a time.</summary>
    /// <exception cref="LeaseLostException">A plugin returned after its lease was revoked; another loop has taken over
    /// the line.</exception>
    public ValueTask HandleAsync(LineRead read, Lease lease)
    {
        services.Sessions.Metrics.LinesIn.Add(1);
        if (_arrival == default)
            _arrival = services.Clock.GetUtcNow();
        if (read.Kind == LineReadKind.TooLong)
            return RefuseTooLong();
        if (!services.Protocol.TryRead(read.Line.Span, out var command))
            return default;
        var set = services.Registrations.Enter();
        _set = set;
        ValueTask executing;
        try
        {
            executing = ExecuteAsync(command, set, lease);
        }
        catch (Exception exception) when (exception is not LeaseLostException)
        {
            set.Exit();
            throw;
        }

        if (!executing.IsCompletedSuccessfully)
            return CompleteAsync(executing, set, lease);
        Done(set, lease);
        return _replies.Count == 0 ? default : SendRepliesAsync();
    }

    /// <summary>Records that more bytes have arrived: later lines get a new arrival time.</summary>
    public void Arrived() => _arrival = default;

    /// <summary>Flushes call counts while no line is pending.</summary>
    public void Rest() => _run?.Rest();

    /// <summary>Hands the line over to another loop.</summary>
    public AbandonedLine Leave() => new(_set!, _command);

    /// <summary>Continues a line after the plugin that did not return.</summary>
    public ValueTask ResumeAsync(AbandonedLine abandoned, Lease lease) =>
        CompleteAsync(ContinueAsync(abandoned, lease), abandoned.Set, lease);

    private async ValueTask ContinueAsync(AbandonedLine abandoned, Lease lease)
    {
        if (abandoned.Command is { } stuck)
        {
            _command = null;
            stuck.TimeUp();
            _replies.Add(stuck.TooLate.Text);
        }
        else
        {
            await FinishAsync(services.Route.ResumeAsync(_run!, lease, ending)).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the line to end. A loop that takes over an abandoned line also takes over its set.</summary>
    private async ValueTask CompleteAsync(ValueTask handling, RegistrationSet set, Lease lease)
    {
        try
        {
            await handling.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not LeaseLostException)
        {
            set.Exit();
            throw;
        }

        Done(set, lease);
        await SendRepliesAsync().ConfigureAwait(false);
    }

    /// <summary>Releases the line's set, so that a silent sender keeps no unloaded plugin in memory.</summary>
    private void Done(RegistrationSet set, Lease lease)
    {
        try
        {
            _set = null;
            lease.Forget();
        }
        finally
        {
            set.Exit();
        }
    }

    private ValueTask RefuseTooLong()
    {
        if (!_hasLoggedTooLong)
            services.Sessions.Connections.TooLong(session.Id, session.Nick, services.Settings.MaxLineBytes);
        _hasLoggedTooLong = true;
        return session.ReplyAsync($"Not sent: that line was longer than {services.Settings.MaxLineBytes} bytes.");
    }

    private ValueTask ExecuteAsync(ClientCommand command, RegistrationSet set, Lease lease)
    {
        if (set.Commands.Find(command.Name) is not { } owned)
            return Reply(set.Commands.Unknown(command.Name));
        if (owned.IsPlainSay)
            return SpeakAsync(command.Arguments, MessageKind.Say, recipient: null, set, lease);
        _command = owned;
        var call = new CommandCall(session.Nick, session.Id, session.CurrentRoom, command.Arguments);
        var running = owned.RunAsync(call, lease);
        return running.IsCompletedSuccessfully
            ? CarryOutAsync(running.Result, owned, set, lease)
            : FinishAsync(running, owned, set, lease);
    }

    private async ValueTask FinishAsync(
        ValueTask<CommandResult> running, OwnedCommand owned, RegistrationSet set, Lease lease) =>
        await CarryOutAsync(await running.ConfigureAwait(false), owned, set, lease).ConfigureAwait(false);

    /// <summary>Carries out a command's result.</summary>
    private ValueTask CarryOutAsync(CommandResult result, OwnedCommand owned, RegistrationSet set, Lease lease)
    {
        _command = null;
        return result.Action switch
        {
            CommandAction.Done => default,
            CommandAction.Reply => Reply(result.Text),
            CommandAction.Announce => AnnounceAsync(CleanText.Line(result.Text), owned.Owner),
            _ => SpeakAsync(result.Text, result.Kind, result.Recipient, set, lease),
        };
    }

    private ValueTask AnnounceAsync(string text, string owner) =>
        Problem(text, session.CurrentRoom) is { } problem
            ? Reply(problem)
            : services.Route.AnnounceAsync(session.CurrentRoom, text, owner, ending);

    /// <summary>Returns why a text cannot be sent; <see langword="null"/> if it can.</summary>
    /// <param name="text">The text, already cleaned.</param>
    /// <param name="room">The target room; <see langword="null"/> for a whisper.</param>
    private string? Problem(string text, string? room) =>
        room is { Length: 0 } ? $"Not sent: you are in no room. Type /join {services.Settings.DefaultRoom}"
        : MessageText.Problem(text, services.Settings.MaxMessageBytes) is { } problem ? $"Not sent: {problem}"
        : null;

    private ValueTask SpeakAsync(
        string said, MessageKind kind, string? recipient, RegistrationSet set, Lease lease)
    {
        var text = CleanText.Line(said);
        var room = recipient is null ? session.CurrentRoom : null;
        if (Problem(text, room) is { } problem)
            return Reply(problem);
        var message = new MessageContext
        {
            Id = services.Route.NextId(),
            Room = room ?? "",
            Recipient = recipient,
            Kind = kind,
            OriginalText = text,
            Text = text,
            Sender = session.Nick,
            ConnectionId = session.Id,
            Time = _arrival,
        };
        _run ??= services.Route.NewRun();
        _run.Begin(message, set.Pipeline);
        if (room is not null)
            session.PrioritizeSender();
        var sending = services.Route.SendAsync(_run, lease, ending);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(sending);
        Finish(_run);
        return default;
    }

    private async ValueTask FinishAsync(ValueTask sending)
    {
        await sending.ConfigureAwait(false);
        Finish(_run!);
    }

    /// <summary>Collects a line's replies and refusals, then releases it.</summary>
    private void Finish(PipelineRun run)
    {
        if (run.Replies.Count > 0)
            _replies.AddRange(run.Replies);
        run.Clear();
    }

    private ValueTask Reply(string text)
    {
        _replies.Add(text);
        return default;
    }

    private async ValueTask SendRepliesAsync()
    {
        foreach (var reply in _replies)
            await session.ReplyAsync(reply).ConfigureAwait(false);
        _replies.Clear();
    }
}
