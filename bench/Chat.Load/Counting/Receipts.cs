using System.Numerics;
using System.Runtime.CompilerServices;

namespace Chat.Load.Counting;

/// <summary>
/// What one receiver has of one sender. The last 64 sequence numbers are known one by one. Of older ones it is known
/// only how many are missing: as long as any are, an older line is taken for one of them.
/// </summary>
internal struct Receipts
{
    private const int Remembered = 64;

    // Bit n: the line n before the highest has come.
    private ulong _recent;
    private uint _highest, _missing;

    /// <param name="sequence">From 1 on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Arrival Take(uint sequence)
    {
        if (sequence == _highest + 1)
        {
            _highest = sequence;
            _recent = (_recent << 1) | 1;
            return Arrival.Next;
        }

        return sequence > _highest ? TakeAhead(sequence) : TakeBehind(_highest - sequence);
    }

    private Arrival TakeAhead(uint sequence)
    {
        var step = sequence - _highest;
        _missing += step - 1;
        _recent = step >= Remembered ? 1 : (_recent << (int)step) | 1;
        _highest = sequence;
        return Arrival.Ahead;
    }

    private Arrival TakeBehind(uint age)
    {
        if (age >= Remembered)
        {
            if (_missing == MissingRecently())
                return Arrival.Doubled;
        }
        else
        {
            var bit = 1UL << (int)age;
            if ((_recent & bit) != 0)
                return Arrival.Doubled;
            _recent |= bit;
        }

        _missing--;
        return Arrival.Late;
    }

    private readonly uint MissingRecently() => Math.Min(_highest, Remembered) - (uint)BitOperations.PopCount(_recent);
}
