namespace Chat.Load.Clients;

/// <summary>The beginning of a line whose end has not come: all that a client keeps between two reads into the shared
/// buffer.</summary>
internal struct Carry
{
    /// <summary>Of a longer line the end is kept.</summary>
    public const int MaxBytes = 64 * 1024;

    private byte[]? _bytes;

    public int Count { get; private set; }

    /// <summary>Puts it to the front of the buffer. It stays until <see cref="Keep"/>.</summary>
    /// <returns>How many bytes.</returns>
    public readonly int CopyTo(Span<byte> buffer)
    {
        if (Count > 0)
            _bytes.AsSpan(0, Count).CopyTo(buffer);
        return Count;
    }

    public void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > MaxBytes)
            rest = rest[^MaxBytes..];
        Count = rest.Length;
        if (Count == 0)
            return;
        if (_bytes is null || _bytes.Length < Count)
            _bytes = new byte[Count + 512];
        rest.CopyTo(_bytes);
    }
}
