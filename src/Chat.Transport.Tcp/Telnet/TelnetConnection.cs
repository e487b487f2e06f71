using System.Net;

namespace Chat.Transport.Tcp.Telnet;

/// <summary>A connection without telnet's commands: they are taken out of what arrives and answered, and never reach
/// the chat. A peer that has not begun with telnet is sent nothing of it.</summary>
internal sealed class TelnetConnection(IClientConnection inner, TimeProvider clock)
    : IClientConnection, IReceiveReadiness, ISendProgress
{
    /// <summary>How many times in a row it receives without a pause if there is nothing but commands.</summary>
    private const int MostInARow = 16;

    /// <summary>Made with the first command: most peers send none.</summary>
    private TelnetParser? _parser;

    private SendGate _gate;

    public string Id => inner.Id;
    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;
    public long? AcknowledgedBytes => (inner as ISendProgress)?.AcknowledgedBytes;
    private bool HasEnded => _parser is { HasEnded: true };

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken) =>
        !HasEnded && inner is IReceiveReadiness readiness ? readiness.WaitToReceiveAsync(cancellationToken) : default;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var commands = 1; !HasEnded; commands++)
        {
            // A peer that sends nothing but commands, without end, must not keep the thread from the others.
            if (commands % MostInARow == 0)
                await Task.Yield();
            var received = await inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return 0;
            var kept = Filter(buffer.Span[..received]);
            if (_parser is { HasReplies: true })
                await AnswerAsync(_parser.TakeReplies(), cancellationToken).ConfigureAwait(false);
            if (kept > 0)
                return kept;
        }

        return 0;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!_gate.TryEnter())
            return SendLaterAsync(bytes, cancellationToken);
        ValueTask<int> sending;
        try
        {
            sending = inner.SendAsync(bytes, cancellationToken);
        }
        catch
        {
            _gate.Exit();
            throw;
        }

        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(sending);
        _gate.Exit();
        return sending;
    }

    public void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private int Filter(Span<byte> bytes)
    {
        if (_parser is null)
        {
            if (bytes.IndexOf(TelnetParser.Iac) < 0)
                return bytes.Length;
            _parser = new TelnetParser(clock);
        }

        return _parser.Filter(bytes);
    }

    private async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (_gate.Enter() is not { } waiter)
            return;
        using var ending = cancellationToken.Register(() => _gate.GiveUp(waiter));
        if (!await waiter.Task.ConfigureAwait(false))
            throw new OperationCanceledException(cancellationToken);
    }

    private async ValueTask<int> SendLaterAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await inner.SendAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private async ValueTask<int> FinishAsync(ValueTask<int> sending)
    {
        try
        {
            return await sending.ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Sends what the parser says, before anything else: a peer may show nothing until then.</summary>
    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> replies, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!replies.IsEmpty)
                replies = replies[await inner.SendAsync(replies, cancellationToken).ConfigureAwait(false)..];
        }
        finally
        {
            _gate.Exit();
        }
    }
}
