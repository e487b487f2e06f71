using System.Net;
using Chat.Connections;

namespace Chat.Transport.Tcp;

/// <summary>
/// A connection without telnet's own bytes: they are taken out of what comes in and answered, and never reach the chat. Says
/// nothing of telnet to a peer that has not begun with it.
/// </summary>
internal sealed class TelnetConnection(IClientConnection inner, TimeProvider clock) : IClientConnection, IReceiveReadiness
{
    private readonly TelnetParser _parser = new(clock);
    private SendGate _gate;

    public string Id => inner.Id;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken) =>
        !_parser.HasEnded && inner is IReceiveReadiness readiness ? readiness.WaitToReceiveAsync(cancellationToken) : default;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_parser.HasEnded)
        {
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
        var entering = _gate.EnterAsync();
        using var ending = cancellationToken.Register(static connection => ((TelnetConnection)connection!)._gate.GiveUp(), this);
        if (!await entering.ConfigureAwait(false))
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
