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
    private readonly SemaphoreSlim _sending = new(1, 1);

    public string Id => inner.Id;

    public EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public ValueTask WaitToReceiveAsync(CancellationToken cancellationToken) =>
        inner is IReceiveReadiness readiness ? readiness.WaitToReceiveAsync(cancellationToken) : default;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!_parser.HasEnded)
        {
            var received = await inner.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return 0;
            var kept = _parser.Filter(buffer.Span[..received]);
            if (_parser.Replies.Count > 0)
                await AnswerAsync(cancellationToken).ConfigureAwait(false);
            if (kept > 0)
                return kept;
        }

        return 0;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!_sending.Wait(0, CancellationToken.None))
            return SendLaterAsync(bytes, cancellationToken);
        var sending = inner.SendAsync(bytes, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return FinishAsync(sending);
        _sending.Release();
        return sending;
    }

    public void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<int> SendLaterAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await FinishAsync(inner.SendAsync(bytes, cancellationToken)).ConfigureAwait(false);
    }

    private async ValueTask<int> FinishAsync(ValueTask<int> sending)
    {
        try
        {
            return await sending.ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends what the parser has to say, at once and before anything else: a peer may be waiting for it in silence.</summary>
    private async ValueTask AnswerAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> replies = _parser.Replies.ToArray();
        _parser.Replies.Clear();
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!replies.IsEmpty)
                replies = replies[await inner.SendAsync(replies, cancellationToken).ConfigureAwait(false)..];
        }
        finally
        {
            _sending.Release();
        }
    }
}
