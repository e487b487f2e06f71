using Chat.Commands;
using Chat.Engine.Commands;
using Chat.Engine.Connections;
using Chat.Engine.Hooks;
using Chat.Engine.Protocols;
using Chat.Engine.Registrations;
using Chat.Hooks;
using Chat.Protocols;

namespace Chat.Engine.Sessions;

/// <summary>What happens to a person's line: the protocol gives it its meaning, a command answers, and what is to be said goes its way.</summary>
internal sealed class LineHandler(Session session, SessionServices services, CancellationToken ending)
{
    // Made with the first line that is spoken: most connections are silent.
    private LineRun? _run;

    // What the line at hand uses and stands at: read by whoever takes the line over, while the one that writes it is stuck.
    private RegistrationSet? _set;
    private OwnedCommand? _command;
    private bool _hasLoggedTooLong;

    /// <summary>Does all a line asks for. One line at a time.</summary>
    /// <exception cref="LeaseLostException">A plugin has come back too late: another loop has gone on with the line.</exception>
    public async ValueTask HandleAsync(LineRead read, Lease lease)
    {
        services.Metrics.LinesIn.Add(1);
        if (read.Kind == LineReadKind.TooLong)
        {
            if (!_hasLoggedTooLong)
                services.Storms.TooLong(session.Id, session.Nick, services.Options.MaxLineBytes);
            _hasLoggedTooLong = true;
            await session.ReplyAsync($"Not sent: that line was longer than {services.Options.MaxLineBytes} bytes.").ConfigureAwait(false);
            return;
        }

        if (!services.Protocol.TryRead(read.Line.Span, out var command))
            return;
        var set = services.Registrations.Enter();
        _set = set;
        var isLost = false;
        try
        {
            await ExecuteAsync(command, set, lease).ConfigureAwait(false);

            // A silent sender holds on to no plugin that has gone meanwhile.
            _set = null;
            lease.Forget();
        }
        catch (LeaseLostException)
        {
            // Whoever goes on with the line has taken the set over with it.
            isLost = true;
            throw;
        }
        finally
        {
            if (!isLost)
                set.Exit();
        }
    }

    /// <summary>There is no line to do for now.</summary>
    public void Rest() => _run?.Rest();

    /// <summary>Leaves the line to another loop.</summary>
    public LeftLine Leave() => new(_set!, _command);

    /// <summary>Goes on with a line behind the plugin that did not come back.</summary>
    public async ValueTask ResumeAsync(LeftLine left, Lease lease)
    {
        var isLost = false;
        try
        {
            if (left.Command is { } stuck)
            {
                _command = null;
                stuck.TimeUp();
                await session.ReplyAsync(stuck.TooLate.Text).ConfigureAwait(false);
            }
            else
            {
                await TellAsync(services.Route.ResumeAsync(_run!, lease, ending), _run!).ConfigureAwait(false);
            }

            _set = null;
            lease.Forget();
        }
        catch (LeaseLostException)
        {
            isLost = true;
            throw;
        }
        finally
        {
            if (!isLost)
                left.Set.Exit();
        }
    }

    private ValueTask ExecuteAsync(ClientCommand command, RegistrationSet set, Lease lease)
    {
        if (set.Commands.Find(command.Name) is not { } owned)
            return session.ReplyAsync(set.Commands.Unknown(command.Name));
        if (owned.IsPlainSay)
            return SpeakAsync(command.Arguments, MessageKind.Say, recipient: null, set, lease);
        _command = owned;
        var running = owned.RunAsync(new CommandCall(session.Nick, session.Id, session.CurrentRoom, command.Arguments), lease);
        return running.IsCompletedSuccessfully ? DoAsync(running.Result, owned, set, lease) : FinishAsync(running, owned, set, lease);
    }

    private async ValueTask FinishAsync(ValueTask<CommandResult> running, OwnedCommand owned, RegistrationSet set, Lease lease) =>
        await DoAsync(await running.ConfigureAwait(false), owned, set, lease).ConfigureAwait(false);

    /// <summary>Does what a command has answered.</summary>
    private ValueTask DoAsync(CommandResult result, OwnedCommand owned, RegistrationSet set, Lease lease)
    {
        _command = null;
        return result.Action switch
        {
            CommandAction.Done => default,
            CommandAction.Reply => session.ReplyAsync(result.Text),
            CommandAction.Announce => AnnounceAsync(CleanText.Line(result.Text), owned.Owner),
            _ => SpeakAsync(result.Text, result.Kind, result.Recipient, set, lease),
        };
    }

    private ValueTask AnnounceAsync(string text, string owner) =>
        Problem(text, session.CurrentRoom) is { } problem
            ? session.ReplyAsync(problem)
            : services.Route.AnnounceAsync(session.CurrentRoom, text, owner, ending);

    /// <summary>Why a text cannot be sent; <see langword="null"/> when it can.</summary>
    /// <param name="text">The text, clean.</param>
    /// <param name="room">Where to; <see langword="null"/> for a whisper.</param>
    private string? Problem(string text, string? room) =>
        room is { Length: 0 } ? $"Not sent: you are in no room. Type /join {services.Options.DefaultRoom}"
        : MessageText.Problem(text, services.Options.MaxMessageBytes) is { } problem ? $"Not sent: {problem}"
        : null;

    private ValueTask SpeakAsync(string said, MessageKind kind, string? recipient, RegistrationSet set, Lease lease)
    {
        var text = CleanText.Line(said);
        var room = recipient is null ? session.CurrentRoom : null;
        if (Problem(text, room) is { } problem)
            return session.ReplyAsync(problem);
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
            Time = services.Options.Clock.GetUtcNow(),
        };
        _run ??= services.Route.NewRun();
        _run.Begin(message, set.Pipeline);
        var sending = services.Route.SendAsync(_run, lease, ending);
        if (!sending.IsCompletedSuccessfully || _run.Replies.Count > 0)
            return TellAsync(sending, _run);
        _run.Clear();
        return default;
    }

    /// <summary>Tells the person what hooks and refusals say of their line, and lets go of it.</summary>
    private async ValueTask TellAsync(ValueTask sending, LineRun run)
    {
        await sending.ConfigureAwait(false);
        foreach (var reply in run.Replies)
            await session.ReplyAsync(reply).ConfigureAwait(false);
        run.Clear();
    }
}
