using System.Net;
using System.Threading.Channels;
using Chat.Connections;

namespace Chat.Transport.Tcp.Tests;

/// <summary>A connection whose incoming bytes the test writes, and which keeps what is sent.</summary>
internal sealed class ScriptedConnection : IClientConnection
{
    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(1024);
    private readonly List<byte> _sent = [];
    private int _sending;

    public string Id => "scripted";

    public EndPoint? RemoteEndPoint => null;

    /// <summary>The most bytes one send takes.</summary>
    public Func<int> MostTaken { get; init; } = () => int.MaxValue;

    /// <summary>What a send waits for before it takes anything.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether two sends were ever under way at once.</summary>
    public bool HasOverlapped { get; private set; }

    public bool IsAborted { get; private set; }

    public byte[] Sent
    {
        get
        {
            lock (_sent)
                return [.. _sent];
        }
    }

    /// <summary>Lets the next receive return these bytes; none for a clean end.</summary>
    public void Receive(params byte[] bytes) => Assert.That(_incoming.Writer.TryWrite(bytes), Is.True);

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var bytes = await _incoming.Reader.ReadAsync(cancellationToken);
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        HasOverlapped |= Interlocked.Increment(ref _sending) != 1;
        await Gate.WaitAsync(cancellationToken);
        await Task.Yield();
        var taken = bytes[..Math.Min(MostTaken(), bytes.Length)];
        lock (_sent)
            _sent.AddRange(taken.ToArray());
        Interlocked.Decrement(ref _sending);
        return taken.Length;
    }

    public void Abort() => IsAborted = true;

    public ValueTask DisposeAsync() => default;
}
