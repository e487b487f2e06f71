using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Chat.Load.Counting;

/// <summary>What every spoken line carries: <c>~sender.sequence.time~</c>, in decimal. A server may put anything before
/// and after it.</summary>
/// <param name="Sender">Who spoke, from 0 on; <see cref="Probe"/> asks whether a room hears.</param>
/// <param name="Sequence">Which line of that sender, from 1 on.</param>
/// <param name="Time">When it was sent, by <see cref="Clock"/>.</param>
internal readonly record struct Marker(uint Sender, uint Sequence, long Time)
{
    public const uint Probe = 999_999;
    public const int MaxBytes = 44;

    // Fewer than would overflow.
    private const int MaxDigits = 18;

    /// <summary>Finds the first marker of a line.</summary>
    public static bool TryFind(ReadOnlySpan<byte> line, out Marker marker)
    {
        int start;
        while ((start = line.IndexOf((byte)'~')) >= 0)
        {
            line = line[(start + 1)..];
            if (TryRead(line, out marker))
                return true;
        }

        marker = default;
        return false;
    }

    /// <summary>Writes the marker, and <c>x</c> after it until the text has the size.</summary>
    /// <returns>How many bytes: more than the size if the marker alone has more.</returns>
    public int Write(Span<byte> output, int size)
    {
        var at = 0;
        output[at++] = (byte)'~';
        at += Digits(Sender, output[at..]);
        output[at++] = (byte)'.';
        at += Digits(Sequence, output[at..]);
        output[at++] = (byte)'.';
        at += Digits((ulong)Time, output[at..]);
        output[at++] = (byte)'~';
        if (at >= size)
            return at;
        output[at..size].Fill((byte)'x');
        return size;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out Marker marker)
    {
        marker = default;
        var at = 0;
        if (!TryRead(text, ref at, (byte)'.', out var sender) || sender > uint.MaxValue
            || !TryRead(text, ref at, (byte)'.', out var sequence) || sequence > uint.MaxValue
            || !TryRead(text, ref at, (byte)'~', out var time))
            return false;
        marker = new Marker((uint)sender, (uint)sequence, (long)time);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRead(ReadOnlySpan<byte> text, ref int at, byte end, out ulong number)
    {
        number = 0;
        var index = at;
        uint digit;
        while ((uint)index < (uint)text.Length && (digit = (uint)text[index] - '0') < 10)
        {
            number = (number * 10) + digit;
            index++;
        }

        var digits = index - at;
        at = index + 1;
        return digits is > 0 and <= MaxDigits && (uint)index < (uint)text.Length && text[index] == end;
    }

    private static int Digits(ulong number, Span<byte> output) =>
        Utf8Formatter.TryFormat(number, output, out var written)
            ? written
            : throw new ArgumentException("The output is too short for a marker.", nameof(output));
}
