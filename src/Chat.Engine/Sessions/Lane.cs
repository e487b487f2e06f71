using Chat.Engine.Connections;
using Chat.Engine.Hooks;
using Chat.Engine.Scheduling;

namespace Chat.Engine.Sessions;

/// <summary>
/// One person's lines, one after the other: each is done with before the next is read. The loop that does it can be replaced: when a
/// plugin does not come back, another loop goes on with the same line behind it, and the stuck one ends when it returns. While the
/// person is silent, only the wait for their next byte is kept.
/// </summary>
internal sealed class Lane(Session session, LineReader reader, SessionServices services, CancellationToken ending) : WorkItem, ILeaseOwner
{
    // Made with the first line: most connections are silent.
    private LineHandler? _handler;
    private LeftLine? _left;

    /// <summary>Begins to handle lines; at the end the session is told. Called once.</summary>
    public void Start() => Queue();

    /// <inheritdoc/>
    void ILeaseOwner.TakeOver(Lease lost)
    {
        _left = _handler!.Leave();
        QueueOnPool();
    }

    /// <inheritdoc/>
    public override void Execute()
    {
        var left = _left;
        _left = null;
        _ = LoopAsync(left);
    }

    private async Task LoopAsync(LeftLine? left)
    {
        var lease = left is null ? null : NewLease();
        Exception? failure = null;
        try
        {
            if (left is not null)
                await _handler!.ResumeAsync(left, lease!).ConfigureAwait(false);
            while (true)
            {
                LineRead read;
                while (!reader.TryRead(out read))
                {
                    _handler?.Rest();
                    await reader.WaitAsync(ending).ConfigureAwait(false);
                    await reader.ReceiveAsync(ending).ConfigureAwait(false);
                }

                if (read.Kind == LineReadKind.End || !session.TryGreet())
                    break;
                _handler ??= new LineHandler(session, services, ending);
                lease ??= NewLease();
                await _handler.HandleAsync(read, lease).ConfigureAwait(false);
            }

            _handler?.Rest();
        }
        catch (LeaseLostException)
        {
            // Another loop goes on.
            return;
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lease?.Release();
        await session.CloseAsync(failure).ConfigureAwait(false);
    }

    private Lease NewLease() => new(this, services.Watchdog, ending);
}
