namespace Chat.Engine.Outbound;

/// <summary>Sends a session's pending lines over its connection, as the connection's only writer. It has no loop of its
/// own: the thread serving a room runs it when there is something to read, and it sends everything available, straight
/// from the room's bytes. It waits, by itself, only if the connection accepts no more.</summary>
internal sealed class OutboundPump : WorkItem, ILogReader
{
    /// <summary>How often it looks within the send timeout whether the peer acknowledges anything.</summary>
    private const int LooksPerTimeout = 4;

    private readonly IClientConnection _connection;
    private readonly OutboundServices _services;
    private readonly IPumpOwner _owner;
    private readonly PendingOutput _output;
    private WorkCoalescer _work;
    private TaskCompletionSource<bool>? _completion;
    private volatile bool _hasEnded;
    private long _acknowledged;
    private int _looksInVain;
    private int _hasStarted;

    public OutboundPump(
        IClientConnection connection, Memberships memberships, OutboundServices services, IPumpOwner owner)
    {
        _owner = owner;
        _connection = connection;
        _services = services;
        Inbox = new Inbox(services.LogicalClock, this, services.Limits.MaxUnreadReplies);
        _output = new PendingOutput(memberships, Inbox, services, owner);

        // The pump holds its turn until it is started.
        _work.TryBegin();
    }

    /// <summary>The events addressed to this connection alone.</summary>
    public Inbox Inbox { get; }

    /// <summary>The rooms whose lines are sent.</summary>
    public Memberships Memberships => _output.Memberships;

    /// <summary>Whether <see cref="Start"/> has been called.</summary>
    public bool HasStarted => Volatile.Read(ref _hasStarted) != 0;

    /// <summary>Starts sending, beginning with what is already pending, unless it has been started before.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _hasStarted, 1) == 0 && _work.End())
            Queue();
    }

    /// <summary>Ends the pump once everything pending has been sent. A pump that was never started sends
    /// nothing.</summary>
    /// <returns>A task that completes when everything has been sent or sending has failed.</returns>
    public Task CompleteAsync()
    {
        if (!HasStarted)
            return Task.CompletedTask;
        var completion = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _completion, completion);
        if (_hasEnded)
            completion.TrySetResult(true);
        Wake();
        return completion.Task;
    }

    /// <inheritdoc/>
    public void Wake()
    {
        if (_work.Request())
            Queue();
    }

    /// <inheritdoc/>
    public void ReadNow()
    {
        if (_work.TryBegin())
            Run();
    }

    /// <inheritdoc/>
    public override void Execute() => ReadNow();

    /// <summary>Takes turns until nothing is pending or the connection accepts no more. The caller has begun the
    /// turn.</summary>
    private void Run()
    {
        try
        {
            do
            {
                var isLast = Volatile.Read(ref _completion) is not null;
                if (!TrySendAll())
                    return;
                if (isLast)
                {
                    End();
                    return;
                }
            }
            while (_work.End() && _work.TryBegin());
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    /// <summary>Sends everything pending now.</summary>
    /// <returns><see langword="false"/> if the connection did not accept it at once; sending then continues by
    /// itself.</returns>
    private bool TrySendAll()
    {
        var hasMore = true;
        while (hasMore)
        {
            var bytes = _output.Next(out var lines, out hasMore);
            if (lines == 0)
                break;
            if (!TrySend(bytes, lines))
                return false;
            _output.Sent();
        }

        _output.Rest();
        return true;
    }

    private bool TrySend(ReadOnlyMemory<byte> bytes, int lines)
    {
        while (!bytes.IsEmpty)
        {
            var sending = _connection.SendAsync(bytes, CancellationToken.None);
            if (sending.IsCompletedSuccessfully)
            {
                bytes = bytes[Checked(sending.Result)..];
            }
            else
            {
                _ = FinishAsync(sending, bytes, lines);
                return false;
            }
        }

        _services.Metrics.LinesDelivered.Add(lines);
        return true;
    }

    /// <summary>Waits until the connection has accepted the bytes, then continues. Keeps the turn meanwhile.</summary>
    private async Task FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes, int lines)
    {
        try
        {
            bytes = bytes[Checked(await WatchAsync(sending).ConfigureAwait(false))..];
            while (!bytes.IsEmpty)
            {
                var next = _connection.SendAsync(bytes, CancellationToken.None);
                var taken = next.IsCompleted
                    ? await next.ConfigureAwait(false)
                    : await WatchAsync(next).ConfigureAwait(false);
                bytes = bytes[Checked(taken)..];
            }

            _services.Metrics.LinesDelivered.Add(lines);
            _output.Sent();
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }

        Run();
    }

    private async ValueTask<int> WatchAsync(ValueTask<int> sending)
    {
        _looksInVain = 0;
        var interval = TimeSpan.FromTicks(_services.Limits.SendTimeout.Ticks / LooksPerTimeout);
        using var looking = _services.Clock.CreateTimer(
            static pump => ((OutboundPump)pump!).Look(), this, interval, interval);
        return await sending.ConfigureAwait(false);
    }

    /// <summary>A send has been waiting for room. That the connection took nothing does not mean that the peer reads
    /// nothing: there is room only when a good part of what was taken before has been acknowledged. So a slow reader
    /// may take longer.</summary>
    private void Look()
    {
        var acknowledged = (_connection as ISendProgress)?.AcknowledgedBytes ?? 0;
        if (acknowledged != _acknowledged)
            (_acknowledged, _looksInVain) = (acknowledged, 0);
        else if (++_looksInVain == LooksPerTimeout)
            _owner.Stuck();
    }

    private int Checked(int taken) =>
        taken > 0
            ? taken
            : throw new IOException($"The transport of {_connection.Id} took no bytes and did not say why.");

    private void Fail(Exception exception)
    {
        End();
        try
        {
            _owner.Failed(exception);
        }
        catch (Exception)
        {
            // The log that should have reported the failure failed itself; the other members are still served.
        }
    }

    /// <summary>Ends the last turn for good.</summary>
    private void End()
    {
        _output.Rest();
        _hasEnded = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _completion)?.TrySetResult(true);
    }
}
