namespace Chat.Engine.Inbound;

/// <summary>Handles a client's lines: the protocol reads their commands, each command is carried out, and messages are
/// sent through the hooks.</summary>
internal sealed class CommandDispatcher(Session session, InboundServices services)
{
    private readonly CancellationToken _ending = session.Ending;

    // Created with the first message: most connections are silent.
    private PipelineRun? _run;

    // The current line's state: read by the loop that takes over the line while the loop that wrote it is stuck.
    private ReadOnlyMemory<byte> _rest;
    private RegistrationSet? _set;
    private OwnedCommand? _command;
    private bool _hasLoggedTooLong;

    // The arrival time of the current lines; unset until the first of them is handled.
    private DateTimeOffset _arrival;

    /// <summary>Handles a line, synchronously if nothing has to be waited for. One line at a time. Replies are sent
    /// once the line is done: a slow reader must not keep a plugin's old version in use.</summary>
    /// <exception cref="LeaseLostException">A plugin returned after its lease was revoked; another loop has taken over
    /// the line.</exception>
    public ValueTask HandleAsync(LineRead read, Lease lease)
    {
        services.Sessions.Metrics.LinesIn.Add(1);
        if (_arrival == default)
            _arrival = services.Clock.GetUtcNow();
        if (read.Kind == LineReadKind.TooLong)
            RefuseTooLong();
        else
            _rest = read.Line;
        while (!_rest.IsEmpty && !session.IsToGo)
        {
            var handling = HandleNextAsync(lease);
            if (!handling.IsCompletedSuccessfully)
                return HandleRestAsync(handling, lease);
        }

        return session.HasReplies ? session.SendRepliesAsync() : default;
    }

    /// <summary>Records that more bytes have arrived: later lines get a new arrival time.</summary>
    public void Arrived() => _arrival = default;

    /// <summary>Flushes call counts while no line is pending.</summary>
    public void Rest() => _run?.Rest();

    /// <summary>Hands the line over to another loop.</summary>
    public AbandonedLine Leave() => new(_set!, _command);

    /// <summary>Continues a line after the plugin that did not return.</summary>
    public ValueTask ResumeAsync(AbandonedLine abandoned, Lease lease) =>
        HandleRestAsync(CompleteAsync(ContinueAsync(abandoned, lease), abandoned.Set, lease), lease);

    /// <summary>Waits for a command to end, and carries out those that follow it in the line.</summary>
    private async ValueTask HandleRestAsync(ValueTask handling, Lease lease)
    {
        await handling.ConfigureAwait(false);
        while (!_rest.IsEmpty && !session.IsToGo)
            await HandleNextAsync(lease).ConfigureAwait(false);
        if (session.HasReplies)
            await session.SendRepliesAsync().ConfigureAwait(false);
    }

    /// <summary>Carries out the next command of the line.</summary>
    private ValueTask HandleNextAsync(Lease lease)
    {
        var isCommand = session.Protocol.TryRead(ref _rest, out var command);
        if (!isCommand)
            _rest = default;
        if (session.IsSignedIn)
            return isCommand ? ExecuteAsync(command, lease) : default;
        return SignInAsync(isCommand ? command : null, lease);
    }

    /// <summary>Signs the client in if its protocol has asked for that, then carries out the command.</summary>
    private async ValueTask SignInAsync(ClientCommand? command, Lease lease)
    {
        await session.SignInIfWantedAsync().ConfigureAwait(false);
        if (command is null || session.HasEnded)
            return;
        if (session.IsSignedIn)
            await ExecuteAsync(command.Value, lease).ConfigureAwait(false);
        else
            session.AddReply(new Refused(RefusalCode.NotSignedIn, command.Value.Name));
    }

    private ValueTask ExecuteAsync(ClientCommand command, Lease lease)
    {
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
        return default;
    }

    private async ValueTask ContinueAsync(AbandonedLine abandoned, Lease lease)
    {
        if (abandoned.Command is { } stuck)
        {
            _command = null;
            stuck.TimeUp();
            session.AddReply(stuck.TooLate.Answer!);
        }
        else
        {
            await FinishAsync(services.Route.ResumeAsync(_run!, lease, _ending)).ConfigureAwait(false);
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

    private void RefuseTooLong()
    {
        if (!_hasLoggedTooLong)
            services.Sessions.Connections.TooLong(session.Id, session.Nick, services.Settings.MaxLineBytes);
        _hasLoggedTooLong = true;
        session.AddReply(new Refused(RefusalCode.LineTooLong) { Limit = services.Settings.MaxLineBytes });
    }

    private ValueTask ExecuteAsync(ClientCommand command, RegistrationSet set, Lease lease)
    {
        if (set.Commands.Find(command.Name) is not { } owned)
            return Reply(set.Commands.Unknown(command.Name));
        if (FindRoom(command.Target) is not { } room)
            return Reply(new Refused(RefusalCode.NotInRoom, command.Target));
        if (owned.IsPlainSay)
            return SpeakAsync(command.Arguments, MessageKind.Say, recipient: null, room, set, lease);
        _command = owned;
        var call = new CommandCall(session.Nick, session.Id, room, command.Arguments);
        var running = owned.RunAsync(call, lease);
        return running.IsCompletedSuccessfully
            ? CarryOutAsync(running.Result, owned, room, set, lease)
            : FinishAsync(running, owned, room, set, lease);
    }

    /// <summary>The room a command acts in; empty if it names none and the client is in none, <see langword="null"/> if
    /// the client is not in the room it names.</summary>
    private string? FindRoom(string? target) =>
        target is null ? session.CurrentRoom : session.Rooms.Find(NameRules.Normalize(target))?.Room.Name;

    private async ValueTask FinishAsync(
        ValueTask<CommandResult> running, OwnedCommand owned, string room, RegistrationSet set, Lease lease) =>
        await CarryOutAsync(await running.ConfigureAwait(false), owned, room, set, lease).ConfigureAwait(false);

    /// <summary>Carries out a command's result.</summary>
    private ValueTask CarryOutAsync(
        CommandResult result, OwnedCommand owned, string room, RegistrationSet set, Lease lease)
    {
        _command = null;
        return result.Action switch
        {
            CommandAction.Done => default,
            CommandAction.Reply => Reply(result.Answer!),
            CommandAction.Announce => AnnounceAsync(CleanText.Line(result.Text), room, owned.Owner),
            _ => SpeakAsync(result.Text, result.Kind, result.Recipient, room, set, lease),
        };
    }

    private ValueTask AnnounceAsync(string text, string room, string owner) =>
        Problem(text, room) is { } problem
            ? Reply(problem)
            : services.Route.AnnounceAsync(room, text, owner, _ending);

    /// <summary>Returns why a text cannot be sent; <see langword="null"/> if it can.</summary>
    /// <param name="text">The text, already cleaned.</param>
    /// <param name="room">The target room; <see langword="null"/> for a whisper.</param>
    private Refused? Problem(string text, string? room) => room is { Length: 0 }
        ? new Refused(RefusalCode.InNoRoom, services.Settings.DefaultRoom)
        : MessageText.Problem(text, services.Settings.MaxMessageBytes);

    private ValueTask SpeakAsync(
        string said, MessageKind kind, string? recipient, string current, RegistrationSet set, Lease lease)
    {
        var text = CleanText.Line(said);
        var room = recipient is null ? current : null;
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
        var sending = services.Route.SendAsync(_run, lease, _ending);
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
        foreach (var reply in run.Replies)
            session.AddReply(reply);
        run.Clear();
    }

    private ValueTask Reply(ChatEvent reply)
    {
        session.AddReply(reply);
        return default;
    }
}
