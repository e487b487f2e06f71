namespace Chat.Engine.Inbound;

/// <summary>A message from the application or a plugin on its way. The speaker awaits it and is not delayed by a plugin
/// that hangs.</summary>
internal sealed class HostMessage(
    MessageContext message, RegistrationSet set, MessageRoute route, Watchdog watchdog,
    CancellationToken cancellationToken) : ILeaseOwner
{
    private readonly TaskCompletionSource<IReadOnlyList<string>> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PipelineRun _run = route.NewRun();

    /// <summary>Sends the message.</summary>
    /// <returns>The hooks' replies to the speaker, including refusals.</returns>
    public async ValueTask<IReadOnlyList<string>> RunAsync()
    {
        _run.Begin(message, set.Pipeline);
        if (!set.Pipeline.AppliesTo(message))
        {
            await SendAsync(new Lease(this, watchdog, cancellationToken), isResumed: false).ConfigureAwait(false);
            return await _completion.Task.ConfigureAwait(false);
        }

        // Not on the speaker's own thread: a hook could block it.
        Start(isResumed: false);
        return await _completion.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    void ILeaseOwner.TakeOver(Lease lost) => Start(isResumed: true);

    private void Start(bool isResumed) =>
        _ = Task.Run(() => SendAsync(new Lease(this, watchdog, cancellationToken), isResumed), CancellationToken.None);

    private async Task SendAsync(Lease lease, bool isResumed)
    {
        var isLost = false;
        try
        {
            if (isResumed)
                await route.ResumeAsync(_run, lease, cancellationToken).ConfigureAwait(false);
            else
                await route.SendAsync(_run, lease, cancellationToken).ConfigureAwait(false);
            lease.Release();
            _run.Rest();
            _completion.TrySetResult([.. _run.Replies.Select(EventText.Of)]);
        }
        catch (LeaseLostException)
        {
            // Another runner has taken over the message and its set.
            isLost = true;
        }
        catch (Exception exception)
        {
            lease.Release();
            _completion.TrySetException(exception);
        }
        finally
        {
            if (!isLost)
                set.Exit();
        }
    }
}
