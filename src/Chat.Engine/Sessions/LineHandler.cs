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

    private string InNoRoom => $"Not sent: you are in no room. Type /join {services.Options.DefaultRoom}";

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
                await services.Route.ResumeAsync(_run!, lease, ending).ConfigureAwait(false);
                await TellAsync(_run!).ConfigureAwait(false);
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

    private async ValueTask ExecuteAsync(ClientCommand command, RegistrationSet set, Lease lease)
    {
        if (set.Commands.Find(command.Name) is not { } owned)
        {
            await session.ReplyAsync(set.Commands.Unknown(command.Name)).ConfigureAwait(false);
            return;
        }

        var call = new CommandCall(session.Nick, session.Id, session.CurrentRoom, command.Arguments);
        _command = owned;
        var result = await owned.RunAsync(call, lease).ConfigureAwait(false);
        _command = null;
        if (result.Action == CommandAction.Reply)
            await session.ReplyAsync(result.Text).ConfigureAwait(false);
        else if (result.Action != CommandAction.Done)
            await SpeakAsync(result, owned.Owner, set, lease).ConfigureAwait(false);
    }

    private async ValueTask SpeakAsync(CommandResult spoken, string owner, RegistrationSet set, Lease lease)
    {
        var isWhisper = spoken.Recipient is not null;
        var text = CleanText.Line(spoken.Text);
        if (!isWhisper && session.CurrentRoom.Length == 0)
        {
            await session.ReplyAsync(InNoRoom).ConfigureAwait(false);
        }
        else if (MessageText.Problem(text, services.Options.MaxMessageBytes) is { } problem)
        {
            await session.ReplyAsync($"Not sent: {problem}").ConfigureAwait(false);
        }
        else if (spoken.Action == CommandAction.Announce)
        {
            await services.Route.AnnounceAsync(session.CurrentRoom, text, owner, ending).ConfigureAwait(false);
        }
        else
        {
            var message = services.Route.Stamp(new MessageContext
            {
                Room = isWhisper ? "" : session.CurrentRoom,
                Recipient = spoken.Recipient,
                Kind = spoken.Kind,
                Text = text,
                Sender = session.Nick,
                ConnectionId = session.Id,
            });
            _run ??= services.Route.NewRun();
            _run.Begin(message, set.Pipeline);
            await services.Route.SendAsync(_run, lease, ending).ConfigureAwait(false);
            await TellAsync(_run).ConfigureAwait(false);
        }
    }

    /// <summary>Tells the person what hooks and refusals say of their line, and lets go of it.</summary>
    private async ValueTask TellAsync(LineRun run)
    {
        foreach (var reply in run.Replies)
            await session.ReplyAsync(reply).ConfigureAwait(false);
        run.Clear();
    }
}
