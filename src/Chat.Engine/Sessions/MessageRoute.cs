using Chat.Backplane;
using Chat.Engine.Hooks;
using Chat.Engine.Protocols;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Events;
using Chat.Hooks;

namespace Chat.Engine.Sessions;

/// <summary>The one way of a message, whoever speaks: through the hooks, into the order, and the outcome to the observers.</summary>
internal sealed class MessageRoute(RoomDirectory rooms, SessionDirectory sessions, IBackplane backplane, TimeProvider time)
{
    private long _lastId;

    /// <summary>Numbers and dates a message that has just been spoken.</summary>
    public MessageContext Stamp(MessageContext message) => message with
    {
        Id = Interlocked.Increment(ref _lastId),
        OriginalText = message.Text,
        Time = time.GetUtcNow(),
    };

    /// <summary>Runs a message through the hooks and sends what is left of it.</summary>
    /// <param name="message">The message, stamped.</param>
    /// <param name="pipeline">The hooks of the set the line began with.</param>
    /// <param name="cancellationToken">Set when the sender has gone or the server stops.</param>
    /// <returns>What to tell the sender alone, in order.</returns>
    public async ValueTask<IReadOnlyList<string>> SendAsync(MessageContext message, HookPipeline pipeline, CancellationToken cancellationToken)
    {
        var result = await pipeline.RunAsync(message, cancellationToken).ConfigureAwait(false);
        List<string>? refusals = null;
        foreach (var outcome in result.Outcomes)
        {
            var final = outcome;
            if (outcome.Disposition == MessageDisposition.Sent && await PublishAsync(outcome.Message, cancellationToken).ConfigureAwait(false) is { } undelivered)
                final = outcome with { Disposition = MessageDisposition.Rejected, Reason = undelivered };
            if (final.Reason is { } reason)
                (refusals ??= []).Add(reason);
            if (rooms.Feed.HasFollowers)
                rooms.Feed.Append(new OutcomeRecorded(final) { Time = message.Time });
        }

        return refusals is null ? result.Replies : [.. result.Replies, .. refusals];
    }

    /// <summary>Announces something to a room in the server's voice.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">One line, cleaned here.</param>
    /// <param name="cause">The plugin that speaks, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask AnnounceAsync(string room, string text, string? cause, CancellationToken cancellationToken) =>
        backplane.PublishAsync(new Announced(room, CleanText.Line(text)) { Time = time.GetUtcNow(), Cause = cause }, cancellationToken);

    /// <summary>Gives a message its place in the order, or hands a whisper over.</summary>
    /// <returns>Why it could not be delivered; <see langword="null"/> when it could.</returns>
    private async ValueTask<string?> PublishAsync(MessageContext message, CancellationToken cancellationToken)
    {
        if (message.Recipient is { } recipient)
            return await WhisperAsync(message, recipient, cancellationToken).ConfigureAwait(false);
        RoomEvent spoken = message.Kind == MessageKind.Emote
            ? new Emoted(message.Room, message.Sender, message.Text) { Time = message.Time, Cause = message.Cause, Tags = message.Tags }
            : new Said(message.Room, message.Sender, message.Text) { Time = message.Time, Cause = message.Cause, Tags = message.Tags };
        await backplane.PublishAsync(spoken, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<string?> WhisperAsync(MessageContext message, string recipient, CancellationToken cancellationToken)
    {
        if (sessions.FindByNick(recipient) is not { } reader)
            return $"{recipient} has just left; your message was not delivered.";
        var whispered = new Whispered(message.Sender, reader.Nick, message.Text) { Time = message.Time };
        if (!reader.TryPost(whispered))
            return $"{recipient} has too much unread already; your message was not delivered.";
        if (sessions.FindByConnection(message.ConnectionId) is { } sender && sender != reader)
            await sender.PostAsync(whispered, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
