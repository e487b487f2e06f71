namespace Chat.Engine.Inbound;

/// <summary>Reads and handles one user's lines in order: each is handled before the next is read. The running loop can
/// be replaced: if a plugin hangs, another loop continues the same line after it, and the stuck loop ends when the
/// plugin returns. While the user is silent, only the wait for the next byte remains.</summary>
internal sealed class ReadLoop(Session session, InboundServices services) : WorkItem, ILeaseOwner
{
    /// <summary>The work done in one go, in lines, so that a flooding client does not starve the others on its event
    /// loop.</summary>
    private const int MaxLinesInOneGo = 256;

    /// <summary>The cost of receiving, in lines.</summary>
    private const int LinesForReceiving = 16;

    private readonly LineReader _reader =
        new(session.Connection, services.Settings.MaxLineBytes, session.HasEditingKeys);

    // Created with the first line: most connections are silent.
    private CommandDispatcher? _dispatcher;
    private Lease? _lease;
    private AbandonedLine? _abandoned;

    /// <summary>Starts a session and the loop that handles its lines. The session is closed when the loop
    /// ends.</summary>
    public static void Start(Session session, InboundServices services)
    {
        session.Start();
        new ReadLoop(session, services).Queue();
    }

    /// <inheritdoc/>
    void ILeaseOwner.TakeOver(Lease lost)
    {
        _abandoned = _dispatcher!.Leave();
        _lease = null;
        QueueOnPool();
    }

    /// <inheritdoc/>
    public override void Execute()
    {
        var abandoned = _abandoned;
        _abandoned = null;
        _ = LoopAsync(abandoned, _lease);
    }

    private async Task LoopAsync(AbandonedLine? abandoned, Lease? lease)
    {
        Exception? failure = null;
        var done = 0;
        try
        {
            if (session.IsConnecting)
                await session.ConnectAsync().ConfigureAwait(false);
            if (abandoned is not null)
            {
                lease = _lease = NewLease();
                await _dispatcher!.ResumeAsync(abandoned, lease).ConfigureAwait(false);
            }

            while (true)
            {
                if (done >= MaxLinesInOneGo)
                {
                    // Continues after the work already queued for others.
                    Queue();
                    return;
                }

                if (!_reader.TryRead(out var read))
                {
                    var waiting = _reader.WaitAsync(session.Ending);
                    if (!waiting.IsCompletedSuccessfully)
                        done = Rested();
                    await waiting.ConfigureAwait(false);
                    var receiving = _reader.ReceiveAsync(session.Ending);
                    done = receiving.IsCompletedSuccessfully ? done + LinesForReceiving : Rested();
                    await receiving.ConfigureAwait(false);
                    _dispatcher?.Arrived();
                    continue;
                }

                done++;
                if (read.Kind == LineReadKind.End || session.IsToGo)
                    break;
                if (read.Kind == LineReadKind.Refused)
                {
                    await session.RefuseAsync(_reader.Refusal!).ConfigureAwait(false);
                    break;
                }

                if (!session.IsSignedIn)
                {
                    await session.AdmitGuestAsync().ConfigureAwait(false);
                    if (session.HasEnded)
                        break;
                }

                _dispatcher ??= new CommandDispatcher(session, services);
                lease = _lease ??= NewLease();
                await _dispatcher.HandleAsync(read, lease).ConfigureAwait(false);
            }

            Rested();
        }
        catch (LeaseLostException)
        {
            // Another loop has taken over.
            return;
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lease?.Release();
        await session.CloseAsync(failure).ConfigureAwait(false);
    }

    /// <summary>Flushes call counts when the user is silent.</summary>
    /// <returns>0: the work done since.</returns>
    private int Rested()
    {
        _dispatcher?.Rest();
        return 0;
    }

    private Lease NewLease() => new(this, services.Watchdog, session.Ending);
}
