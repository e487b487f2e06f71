namespace Chat.Engine.Rooms;

/// <summary>Lines of a log that follow one another, as bytes, in one piece of memory. One writer, any number of readers.</summary>
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

    /// <summary>The sequence of its first line.</summary>
    public long First { get; }

    /// <summary>The sequence behind its last line.</summary>
    public long End => First + Volatile.Read(ref _count);

    /// <summary>Makes the block to follow another: larger, the busier the log.</summary>
    /// <param name="last">The one before; <see langword="null"/> for the first.</param>
    /// <param name="first">The sequence of its first line.</param>
    /// <param name="length">That line's length, which it has room for.</param>
    public static EncodedBlock After(EncodedBlock? last, long first, int length) =>
        new(first, Math.Max(length, last is null ? SmallestSize : Math.Min(last._bytes.Length * 2, LargestSize)));

    /// <summary>Adds a line, if there is room for it and it follows on the last one.</summary>
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

    /// <summary>The lines from one sequence to another, as far as they are here.</summary>
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
