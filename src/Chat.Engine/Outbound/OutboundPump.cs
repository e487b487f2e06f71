using Chat.Connections;
using Chat.Engine.Rooms;
using Chat.Engine.Scheduling;

namespace Chat.Engine.Outbound;

/// <summary>
/// A person's unsent lines to their connection, of which it is the only writer. It has no loop: whoever serves a room runs it where there is something
/// to read, and it sends all there is, straight from the room's bytes. Only when the connection takes no more does it wait, by itself.
/// </summary>
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
    private bool _hasStarted;

    public OutboundPump(IClientConnection connection, Memberships memberships, OutboundServices services, IPumpOwner owner)
    {
        _owner = owner;
        _connection = connection;
        _services = services;
        Inbox = new Inbox(services.LogicalClock, this, services.Limits.MaxUnreadReplies);
        _output = new PendingOutput(memberships, Inbox, services, owner);

        // Until it is started its turn is taken.
        _work.TryBegin();
    }

    /// <summary>What is for this connection alone.</summary>
    public Inbox Inbox { get; }

    /// <summary>Lets it send. Called once; what there is already goes out soon.</summary>
    public void Start()
    {
        _hasStarted = true;
        if (_work.End())
            Queue();
    }

    /// <summary>Ends it once everything there is has been sent. One that was never started sends nothing.</summary>
    /// <returns>Completes then, or when sending has failed.</returns>
    public Task CompleteAsync()
    {
        if (!_hasStarted)
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

    /// <summary>Takes turns until there is nothing more to do or the connection takes no more. The turn has begun.</summary>
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

    /// <summary>Sends what there is now.</summary>
    /// <returns><see langword="false"/> when the connection does not take it at once: it goes on by itself.</returns>
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

    /// <summary>Waits until the connection has taken the bytes, and goes on. The turn is its own.</summary>
    private async Task FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes, int lines)
    {
        try
        {
            bytes = bytes[Checked(await WatchAsync(sending).ConfigureAwait(false))..];
            while (!bytes.IsEmpty)
            {
                var next = _connection.SendAsync(bytes, CancellationToken.None);
                var taken = next.IsCompleted ? await next.ConfigureAwait(false) : await WatchAsync(next).ConfigureAwait(false);
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
        using var looking = _services.Clock.CreateTimer(static pump => ((OutboundPump)pump!).Look(), this, interval, interval);
        return await sending.ConfigureAwait(false);
    }

    /// <summary>
    /// A send has been waiting for room. That the connection took nothing does not mean that the peer reads nothing: there is
    /// room only when a good part of what was taken before has been acknowledged. So a slow reader may take longer.
    /// </summary>
    private void Look()
    {
        var acknowledged = (_connection as ISendProgress)?.AcknowledgedBytes ?? 0;
        if (acknowledged != _acknowledged)
            (_acknowledged, _looksInVain) = (acknowledged, 0);
        else if (++_looksInVain == LooksPerTimeout)
            _owner.Stuck();
    }

    private int Checked(int taken) =>
        taken > 0 ? taken : throw new IOException($"The transport of {_connection.Id} took no bytes and did not say why.");

    private void Fail(Exception exception)
    {
        End();
        try
        {
            _owner.Failed(exception);
        }
        catch (Exception)
        {
            // What failed is the log that should have told of it; the round of the others goes on.
        }
    }

    /// <summary>The last turn has been taken, and never ends.</summary>
    private void End()
    {
        _output.Rest();
        _hasEnded = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _completion)?.TrySetResult(true);
    }
}
