namespace Chat.Engine.Rooms;

/// <summary>Consecutive encoded lines of a log in one piece of memory. One writer, any number of readers.</summary>
internal sealed class EncodedBlock
{
    private const int SmallestSize = 1024, LargestSize = 64 * 1024, BytesPerLine = 32;

    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private int _count;

    private EncodedBlock(long first, int size)
    {
        First = first;
#if NET
        _bytes = GC.AllocateUninitializedArray<byte>(size);
#else
        _bytes = new byte[size];
#endif
        _ends = new int[Math.Max(1, Math.Min(size, LargestSize) / BytesPerLine)];
    }

    /// <summary>The sequence of the first line.</summary>
    public long First { get; }

    /// <summary>The sequence after the last line.</summary>
    public long End => First + Volatile.Read(ref _count);

    /// <summary>Creates the block that follows another one. Blocks grow as more lines are written.</summary>
    /// <param name="last">The previous block; <see langword="null"/> for the first.</param>
    /// <param name="first">The sequence of the first line.</param>
    /// <param name="length">The length of the first line in bytes; the block has room for it.</param>
    public static EncodedBlock After(EncodedBlock? last, long first, int length) =>
        new(first, Math.Max(length, last is null ? SmallestSize : Math.Min(last._bytes.Length * 2, LargestSize)));

    /// <summary>Appends a line if it fits and directly follows the last one.</summary>
    public bool TryAppend(long sequence, ReadOnlySpan<byte> line)
    {
        var start = _count == 0 ? 0 : _ends[_count - 1];
        if (_count == _ends.Length || _bytes.Length - start < line.Length || sequence != End)
            return false;
        line.CopyTo(_bytes.AsSpan(start));
        _ends[_count] = start + line.Length;
        Volatile.Write(ref _count, _count + 1);
        return true;
    }

    /// <summary>Returns the lines of a range of sequences, as far as this block holds them.</summary>
    public ReadOnlyMemory<byte> Read(long from, long to, out int lines)
    {
        var index = (int)(from - First);
        lines = (int)Math.Max(0, Math.Min(to, End) - from);
        if (lines == 0)
            return default;
        var start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsMemory(start, _ends[index + lines - 1] - start);
    }
}
