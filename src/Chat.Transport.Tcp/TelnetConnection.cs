using System.Net;
using Chat.Connections;

namespace Chat.Transport.Tcp;

/// <summary>
/// A connection without telnet's own bytes: they are taken out of what comes in and answered, and never reach the chat. Says
/// nothing of telnet to a peer that has not begun with it.
/// </summary>
internal sealed class TelnetConnection(IClientConnection inner, TimeProvider clock) : IClientConnection, IReceiveReadiness
{
    /// <summary>How often it receives without a pause when there is nothing but commands.</summary>
    private const int MostInARow = 16;

    private readonly TelnetParser _parser = new(clock);
    private SendGate _gate;

    public string Id => inner.Id;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken) =>
        !_parser.HasEnded && inner is IReceiveReadiness readiness ? readiness.WaitToReceiveAsync(cancellationToken) : default;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var commands = 1; !_parser.HasEnded; commands++)
        {
            // Who sends nothing but commands, without end, does not keep the thread from others.
            if (commands % MostInARow == 0)
                await Task.Yield();
            var received = await inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return 0;
            var kept = _parser.Filter(buffer.Span[..received]);
            if (_parser.HasReplies)
                await AnswerAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Sends what the parser has to say, at once and before anything else: a peer may be waiting for it in silence.</summary>
    private async ValueTask AnswerAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> replies = _parser.Replies.ToArray();
        _parser.Replies.Clear();
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
