using Chat.Backplane;
using Chat.Engine.Hooks;
using Chat.Engine.Isolation;
using Chat.Engine.Observers;
using Chat.Engine.Protocols;
using Chat.Engine.Rooms;
using Chat.Engine.Sessions;
using Chat.Engine.Tracing;
using Chat.Events;
using Chat.Hooks;

namespace Chat.Engine.Inbound;

/// <summary>The one way of a message, whoever speaks: through the hooks, into the order, and the outcome to the observers.</summary>
internal sealed class MessageRoute(
    RoomDirectory rooms, SessionDirectory sessions, IBackplane backplane, FlightRecorder? recorder, PluginEchoes echoes, TimeProvider time)
{
    private long _lastId;

    /// <summary>Something to run lines through the hooks with, one after the other.</summary>
    public PipelineRun NewRun() => new(recorder, time);

    /// <summary>Numbers and dates a message that has just been spoken.</summary>
    public MessageContext Stamp(MessageContext message) => message with
    {
        Id = NextId(),
        OriginalText = message.Text,
        Time = time.GetUtcNow(),
    };

    /// <summary>The number of the next message.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Runs a line through the hooks and sends what is left of it. What to tell the sender is in the run then.</summary>
    /// <param name="run">The line, from its start or where another runner has left it.</param>
    /// <param name="lease">The runner's lease.</param>
    /// <param name="cancellationToken">Set when the sender has gone or the server stops.</param>
    /// <exception cref="LeaseLostException">A hook has come back too late: another runner has gone on with the line.</exception>
    public ValueTask SendAsync(PipelineRun run, Lease lease, CancellationToken cancellationToken)
    {
        var running = run.Pipeline.RunAsync(run, lease);
        return running.IsCompletedSuccessfully ? PublishAll(run, cancellationToken) : FinishAsync(running, run, cancellationToken);
    }

    /// <summary>Goes on with a line behind the hook in which its last runner is stuck, as <see cref="SendAsync"/> does.</summary>
    public ValueTask ResumeAsync(PipelineRun run, Lease lease, CancellationToken cancellationToken) =>
        FinishAsync(run.Pipeline.ResumeAsync(run, lease), run, cancellationToken);

    /// <summary>Announces something to a room in the server's voice.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">One line, cleaned here.</param>
    /// <param name="cause">The plugin that speaks, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask AnnounceAsync(string room, string text, string? cause, CancellationToken cancellationToken)
    {
        var depth = 0;
        if (cause is not null && !echoes.TryGoDeeper(cause, room, out depth))
            return default;
        return PublishAsync(new Announced(room, CleanText.Line(text)) { Time = time.GetUtcNow(), Cause = cause, Depth = depth }, cancellationToken);
    }

    private async ValueTask FinishAsync(ValueTask running, PipelineRun run, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await PublishAll(run, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends all there is to be sent; without a wait or an allocation where the backplane takes it at once.</summary>
    private ValueTask PublishAll(PipelineRun run, CancellationToken cancellationToken)
    {
        for (var index = 0; index < run.Outcomes.Count; index++)
        {
            var publishing = Publish(run.Outcomes[index], cancellationToken);
            if (!publishing.IsCompletedSuccessfully)
                return FinishAsync(publishing, run, index, cancellationToken);
            Flush(run, index, publishing.Result);
        }

        run.Complete();
        return default;
    }

    private async ValueTask FinishAsync(ValueTask<string?> publishing, PipelineRun run, int index, CancellationToken cancellationToken)
    {
        Flush(run, index, await publishing.ConfigureAwait(false));
        while (++index < run.Outcomes.Count)
            Flush(run, index, await Publish(run.Outcomes[index], cancellationToken).ConfigureAwait(false));
        run.Complete();
    }

    /// <summary>One outcome is done with: the observers are told.</summary>
    private void Flush(PipelineRun run, int index, string? undelivered)
    {
        if (undelivered is not null)
            run.Undelivered(index, undelivered);
        if (!rooms.Feed.HasFollowers)
            return;
        var final = run.Outcomes[index];
        rooms.Feed.Append(new OutcomeRecorded(new MessageOutcome(final.Message, final.Disposition, final.DecidedBy, final.Reason)) { Time = final.Message.Time });
    }

    /// <summary>Gives a message that is to be sent its place in the order, or hands a whisper over.</summary>
    /// <returns>Why it could not be delivered; <see langword="null"/> when it could.</returns>
    private ValueTask<string?> Publish(in LineOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Disposition != MessageDisposition.Sent)
            return default;
        var message = outcome.Message;
        if (message.Recipient is { } recipient)
            return WhisperAsync(message, recipient, cancellationToken);
        RoomEvent spoken = message.Kind == MessageKind.Emote
            ? new Emoted(message.Room, message.Sender, message.Text) { Time = message.Time, Cause = message.Cause, Depth = message.Depth, MessageId = message.Id, Tags = message.Tags }
            : new Said(message.Room, message.Sender, message.Text) { Time = message.Time, Cause = message.Cause, Depth = message.Depth, MessageId = message.Id, Tags = message.Tags };
        var publishing = PublishAsync(spoken, cancellationToken);
        return publishing.IsCompletedSuccessfully ? default : PublishedAsync(publishing);
    }

    private static async ValueTask<string?> PublishedAsync(ValueTask publishing)
    {
        await publishing.ConfigureAwait(false);
        return null;
    }

    /// <summary>Publishes. What the backplane answers with may be used again by it, so it is taken; and its thread is not ours.</summary>
    private ValueTask PublishAsync(RoomEvent happened, CancellationToken cancellationToken)
    {
        var publishing = backplane.PublishAsync(happened, cancellationToken);
        if (!publishing.IsCompletedSuccessfully)
            return LeaveBackplaneAsync(publishing);
        publishing.GetAwaiter().GetResult();
        return default;
    }

    /// <summary>Waits, and goes on on the pool: a plugin that gets stuck in what comes next would keep the backplane from all others.</summary>
    private static async ValueTask LeaveBackplaneAsync(ValueTask publishing)
    {
        await publishing.ConfigureAwait(false);
        await Task.Yield();
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
