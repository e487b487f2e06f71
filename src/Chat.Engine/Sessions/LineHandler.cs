using Chat.Commands;
using Chat.Engine.Connections;
using Chat.Engine.Hooks;
using Chat.Engine.Protocols;
using Chat.Engine.Registrations;
using Chat.Hooks;
using Chat.Protocols;

namespace Chat.Engine.Sessions;

/// <summary>What happens to a person's line: the protocol gives it its meaning, a command answers, and what is to be said goes its way.</summary>
internal sealed class LineHandler(Session session, SessionServices services)
{
    private bool _hasLoggedTooLong;

    private string InNoRoom => $"Not sent: you are in no room. Type /join {services.Options.DefaultRoom}";

    /// <summary>Does all a line asks for. One line at a time.</summary>
    public async ValueTask HandleAsync(LineRead read, CancellationToken cancellationToken)
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
        try
        {
            await ExecuteAsync(command, set, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            set.Exit();
        }
    }

    private async ValueTask ExecuteAsync(ClientCommand command, RegistrationSet set, CancellationToken cancellationToken)
    {
        if (set.Commands.Find(command.Name) is not { } owned)
        {
            await session.ReplyAsync(set.Commands.Unknown(command.Name)).ConfigureAwait(false);
            return;
        }

        var call = new CommandCall(session.Nick, session.Id, session.CurrentRoom, command.Arguments);
        var result = await owned.RunAsync(call, cancellationToken).ConfigureAwait(false);
        if (result.Action == CommandAction.Reply)
            await session.ReplyAsync(result.Text).ConfigureAwait(false);
        else if (result.Action != CommandAction.Done)
            await SpeakAsync(result, owned.Owner, set, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SpeakAsync(CommandResult spoken, string owner, RegistrationSet set, CancellationToken cancellationToken)
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
            await services.Route.AnnounceAsync(session.CurrentRoom, text, owner, cancellationToken).ConfigureAwait(false);
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
            foreach (var reply in await services.Route.SendAsync(message, set.Pipeline, cancellationToken).ConfigureAwait(false))
                await session.ReplyAsync(reply).ConfigureAwait(false);
        }
    }
}
