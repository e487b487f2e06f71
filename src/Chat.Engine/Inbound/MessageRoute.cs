namespace Chat.Engine.Inbound;

/// <summary>The single route of every message: through the hooks, into the order, and its outcome to the
/// observers.</summary>
internal sealed class MessageRoute(
    RoomDirectory rooms, SessionDirectory sessions, EventPublisher publisher, FlightRecorder? recorder,
    PluginEchoes echoes, TimeProvider time)
{
    private long _lastId;

    /// <summary>Creates a run, which takes one line after the other through the hooks.</summary>
    public PipelineRun NewRun() => new(recorder, time);

    /// <summary>Assigns a new message its number and time.</summary>
    public MessageContext Stamp(MessageContext message) => message with
    {
        Id = NextId(),
        OriginalText = message.Text,
        Time = time.GetUtcNow(),
    };

    /// <summary>Returns the number of the next message.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Runs a line through the hooks and sends the result. The run then holds the replies to the
    /// sender.</summary>
    /// <param name="run">The line, at its start or where its previous runner left it.</param>
    /// <param name="lease">The runner's lease.</param>
    /// <param name="cancellationToken">Cancelled when the sender has left or the server is stopping.</param>
    /// <exception cref="LeaseLostException">A hook returned after its lease was revoked; another runner has taken over
    /// the line.</exception>
    public ValueTask SendAsync(PipelineRun run, Lease lease, CancellationToken cancellationToken)
    {
        var running = run.Pipeline.RunAsync(run, lease);
        return running.IsCompletedSuccessfully
            ? PublishAll(run, cancellationToken)
            : FinishAsync(running, run, cancellationToken);
    }

    /// <summary>Like <see cref="SendAsync"/>, but continues after the hook that the line's previous runner is stuck
    /// in.</summary>
    public ValueTask ResumeAsync(PipelineRun run, Lease lease, CancellationToken cancellationToken) =>
        FinishAsync(run.Pipeline.ResumeAsync(run, lease), run, cancellationToken);

    /// <summary>Announces a line to a room in the server's name.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">One line, cleaned here.</param>
    /// <param name="cause">The plugin that speaks, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public ValueTask AnnounceAsync(string room, string text, string? cause, CancellationToken cancellationToken)
    {
        var depth = 0;
        if (cause is not null && !echoes.TryGoDeeper(cause, room, out depth))
            return default;
        var announced = new Announced(room, CleanText.Line(text))
        {
            Time = time.GetUtcNow(),
            Cause = cause,
            Depth = depth,
        };
        return publisher.PublishAsync(announced, cancellationToken);
    }

    private async ValueTask FinishAsync(ValueTask running, PipelineRun run, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await PublishAll(run, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends all outcomes, without a wait or an allocation if the backplane completes synchronously.</summary>
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

    private async ValueTask FinishAsync(
        ValueTask<Refused?> publishing, PipelineRun run, int index, CancellationToken cancellationToken)
    {
        Flush(run, index, await ResultAsync(publishing).ConfigureAwait(false));
        while (++index < run.Outcomes.Count)
        {
            var result = await ResultAsync(Publish(run.Outcomes[index], cancellationToken)).ConfigureAwait(false);
            Flush(run, index, result);
        }

        run.Complete();
    }

    private static async ValueTask<Refused?> ResultAsync(ValueTask<Refused?> publishing)
    {
        try
        {
            return await publishing.ConfigureAwait(false);
        }
        catch (BackplaneException)
        {
            return new Refused(RefusalCode.NotDelivered);
        }
    }

    /// <summary>Passes a finished outcome to the observers.</summary>
    private void Flush(PipelineRun run, int index, Refused? undelivered)
    {
        if (undelivered is not null)
            run.Undelivered(index, undelivered);
        if (!rooms.Feed.HasFollowers)
            return;
        var final = run.Outcomes[index];
        var outcome = new MessageOutcome(final.Message, final.Disposition, final.DecidedBy, final.Reason);
        rooms.Feed.Append(new OutcomeRecorded(outcome) { Time = final.Message.Time });
    }

    /// <summary>Publishes a message that is to be sent, or delivers a whisper.</summary>
    /// <returns>The reason it could not be delivered; <see langword="null"/> if it could.</returns>
    private ValueTask<Refused?> Publish(in LineOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Disposition != MessageDisposition.Sent)
            return default;
        var message = outcome.Message;
        if (message.Recipient is { } recipient)
            return WhisperAsync(message, recipient, cancellationToken);
        var publishing = publisher.PublishAsync(ToEvent(message), cancellationToken);
        return publishing.IsCompletedSuccessfully ? default : PublishedAsync(publishing);
    }

    private static Said ToEvent(MessageContext message) => new(message.Room, message.Sender, message.Text)
    {
        Kind = message.Kind,
        Time = message.Time,
        Cause = message.Cause,
        Depth = message.Depth,
        MessageId = message.Id,
        Tags = message.Tags,
    };

    private static async ValueTask<Refused?> PublishedAsync(ValueTask publishing)
    {
        await publishing.ConfigureAwait(false);
        return null;
    }

    private async ValueTask<Refused?> WhisperAsync(
        MessageContext message, string recipient, CancellationToken cancellationToken)
    {
        if (sessions.OwnerOf(recipient) is not { } owner || sessions.Find(message.Sender.SessionId) is not { } sender)
            return new Refused(RefusalCode.RecipientLeft, recipient);
        var whispered = new Whispered(message.Sender, owner.Nick, message.Text) { Time = message.Time };
        if (await sender.Presence.WhisperAsync(whispered, cancellationToken).ConfigureAwait(false) is { } undelivered)
            return new Refused(undelivered.Code, recipient);
        if (owner.SessionId != sender.Id)
            await sender.PostAsync(whispered, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
