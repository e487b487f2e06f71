using System.Buffers;

namespace Chat.Engine.Protocols;

/// <summary>A growing byte buffer on pooled memory; holds no memory before the first write. One user at a
/// time.</summary>
internal sealed class ByteBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 256;
    private byte[] _bytes = [];

    public int Length { get; private set; }
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Drops the content and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>Drops the content and returns the memory to the pool. The buffer may be used again.</summary>
    public void Dispose()
    {
        Length = 0;
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length >= count)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, Math.Max(Length + count, _bytes.Length * 2)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
