using Chat.Connections;
using Chat.Engine.Connections;
using Chat.Engine.Isolation;
using Chat.Engine.Scheduling;
using Chat.Engine.Sessions;

namespace Chat.Engine.Inbound;

/// <summary>
/// One person's lines, one after the other: each is done with before the next is read. The loop that does it can be replaced: when a
/// plugin does not come back, another loop goes on with the same line behind it, and the stuck one ends when it returns. While the
/// person is silent, only the wait for their next byte is kept.
/// </summary>
internal sealed class ReadLoop(Session session, LineReader reader, InboundServices services, CancellationToken ending) : WorkItem, ILeaseOwner
{
    /// <summary>So much is done in one go, counted in lines: who sends without end does not keep the others of a loop waiting.</summary>
    private const int MaxLinesInOneGo = 256;

    /// <summary>What receiving counts for.</summary>
    private const int LinesForReceiving = 16;

    // Made with the first line: most connections are silent.
    private CommandDispatcher? _handler;
    private Lease? _lease;
    private AbandonedLine? _left;

    /// <summary>Starts a session and the loop that handles its lines. At the end, the session is closed.</summary>
    public static void Start(Session session, IClientConnection connection, InboundServices services)
    {
        session.Start();
        new ReadLoop(session, new LineReader(connection, services.Settings.MaxLineBytes), services, session.Ending).Queue();
    }

    /// <inheritdoc/>
    void ILeaseOwner.TakeOver(Lease lost)
    {
        _left = _handler!.Leave();
        _lease = null;
        QueueOnPool();
    }

    /// <inheritdoc/>
    public override void Execute()
    {
        var left = _left;
        _left = null;
        _ = LoopAsync(left, _lease);
    }

    private async Task LoopAsync(AbandonedLine? left, Lease? lease)
    {
        Exception? failure = null;
        var done = 0;
        try
        {
            if (left is not null)
            {
                lease = _lease = NewLease();
                await _handler!.ResumeAsync(left, lease).ConfigureAwait(false);
            }

            while (true)
            {
                if (done >= MaxLinesInOneGo)
                {
                    // Goes on behind what others are waiting for.
                    Queue();
                    return;
                }

                if (!reader.TryRead(out var read))
                {
                    var waiting = reader.WaitAsync(ending);
                    if (!waiting.IsCompletedSuccessfully)
                        done = Rested();
                    await waiting.ConfigureAwait(false);
                    var receiving = reader.ReceiveAsync(ending);
                    done = receiving.IsCompletedSuccessfully ? done + LinesForReceiving : Rested();
                    await receiving.ConfigureAwait(false);
                    _handler?.Arrived();
                    continue;
                }

                done++;
                if (read.Kind == LineReadKind.End || session.IsToGo || !session.TryGreet())
                    break;
                _handler ??= new CommandDispatcher(session, services, ending);
                lease = _lease ??= NewLease();
                await _handler.HandleAsync(read, lease).ConfigureAwait(false);
            }

            Rested();
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

    /// <summary>The person is silent.</summary>
    /// <returns>How much has been done since: nothing.</returns>
    private int Rested()
    {
        _handler?.Rest();
        return 0;
    }

    private Lease NewLease() => new(this, services.Watchdog, ending);
}
