using Chat.Engine.Connections;
using Chat.Engine.Hooks;

namespace Chat.Engine.Sessions;

/// <summary>
/// One person's lines, one after the other: each is done with before the next is read. The loop that does it can be replaced: when a
/// plugin does not come back, another loop goes on with the same line behind it, and the stuck one ends when it returns.
/// </summary>
internal sealed class Lane(LineReader reader, LineHandler handler, Watchdog watchdog, CancellationToken ending) : ILeaseOwner
{
    // Whoever waits goes on on the pool: the loop may end on a thread that has other things to do.
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Handles lines until there are no more.</summary>
    /// <param name="first">The first line, which is being read already.</param>
    public Task RunAsync(Task<LineRead> first)
    {
        // Off the caller: a hook may be stuck in the first lines, if they are here already.
        _ = Task.Run(() => LoopAsync(NewLease(), first, left: null));
        return _ended.Task;
    }

    /// <inheritdoc/>
    void ILeaseOwner.TakeOver(Lease lost)
    {
        var left = handler.Leave();
        _ = Task.Run(() => LoopAsync(NewLease(), first: null, left));
    }

    private Lease NewLease() => new(this, watchdog, ending);

    private async Task LoopAsync(Lease lease, Task<LineRead>? first, LeftLine? left)
    {
        try
        {
            if (left is not null)
                await handler.ResumeAsync(left, lease).ConfigureAwait(false);
            var read = await (first ?? reader.ReadAsync(ending).AsTask()).ConfigureAwait(false);
            while (read.Kind != LineReadKind.End)
            {
                await handler.HandleAsync(read, lease).ConfigureAwait(false);
                if (reader.TryRead(out read))
                    continue;
                var next = reader.ReadAsync(ending);
                if (!next.IsCompleted)
                    handler.Rest();
                read = await next.ConfigureAwait(false);
            }

            handler.Rest();
            lease.Release();
            _ended.TrySetResult(true);
        }
        catch (LeaseLostException)
        {
            // Another loop goes on.
        }
        catch (Exception exception)
        {
            lease.Release();
            _ended.TrySetException(exception);
        }
    }
}
