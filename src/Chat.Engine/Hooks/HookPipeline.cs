using Chat.Engine.Protocols;
using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>
/// The hooks and guards in their order, as one immutable set. A message is folded through the hooks: each sees what the last
/// one left. Then every guard sees each final message. No plugin's frame is ever on the stack of another.
/// </summary>
internal sealed class HookPipeline(TransformBinding[] hooks, GuardBinding[] guards)
{
    /// <summary>All bindings in the order they run.</summary>
    public IEnumerable<HookBinding> Bindings => hooks.Concat<HookBinding>(guards);

    /// <summary>Runs one message through.</summary>
    /// <param name="message">The message as it was typed.</param>
    /// <param name="cancellationToken">Set when the sender has gone or the server stops.</param>
    public async ValueTask<PipelineResult> RunAsync(MessageContext message, CancellationToken cancellationToken)
    {
        var result = new PipelineResult();
        await FoldAsync(message, first: 0, result, cancellationToken).ConfigureAwait(false);
        return result;
    }

    private async ValueTask FoldAsync(MessageContext message, int first, PipelineResult result, CancellationToken cancellationToken)
    {
        for (var index = first; index < hooks.Length; index++)
        {
            var hook = hooks[index];
            if (!hook.AppliesTo(message))
                continue;

            var decision = await hook.InvokeAsync(message, cancellationToken).ConfigureAwait(false);
            result.AddReplies(decision.Replies);
            if (decision.Tags.Count > 0)
                message = Tag(message, hook.Id, decision.Tags);
            switch (decision.Action)
            {
                case HookAction.Rewrite:
                    message = message with { Text = CleanText.Line(decision.Text!) };
                    break;
                case HookAction.Emit when decision.Messages.Count > 0:
                    foreach (var outgoing in decision.Messages)
                    {
                        if (!result.HasRoom())
                            return;
                        var emitted = message with { Text = CleanText.Line(outgoing.Text), Kind = KindOf(outgoing, message) };
                        await FoldAsync(emitted, index + 1, result, cancellationToken).ConfigureAwait(false);
                    }

                    return;
                case HookAction.Emit or HookAction.Drop:
                    result.Add(new MessageOutcome(message, MessageDisposition.Dropped, hook.Id, null));
                    return;
                case HookAction.Reject:
                    result.Add(new MessageOutcome(message, MessageDisposition.Rejected, hook.Id, decision.Text));
                    return;
            }
        }

        result.Add(await GuardAsync(message, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<MessageOutcome> GuardAsync(MessageContext message, CancellationToken cancellationToken)
    {
        foreach (var guard in guards)
        {
            if (!guard.AppliesTo(message))
                continue;
            var verdict = await guard.InvokeAsync(message, cancellationToken).ConfigureAwait(false);
            if (verdict.Reason is { } reason)
                return new MessageOutcome(message, MessageDisposition.Rejected, guard.Id, reason);
        }

        return new MessageOutcome(message, MessageDisposition.Sent, null, null);
    }

    /// <summary>A whisper stays a whisper and a room's line stays in the room, whatever the hook asked for.</summary>
    private static MessageKind KindOf(OutgoingMessage outgoing, MessageContext message) =>
        message.Kind == MessageKind.Whisper || outgoing.Kind is null or MessageKind.Whisper ? message.Kind : outgoing.Kind.Value;

    private static MessageContext Tag(MessageContext message, string hookId, IReadOnlyDictionary<string, string> tags)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in message.Tags)
            all[tag.Key] = tag.Value;
        foreach (var tag in tags)
            all[$"{hookId}:{tag.Key}"] = tag.Value;
        return message with { Tags = all };
    }
}
