using System.Buffers;
using Chat.Connections;

namespace Chat.Engine.Connections;

/// <summary>
/// Bytes to lines, and the only framing there is. LF, CR LF, CR NUL and a lone CR each end one line (RFC 854, RFC 1123 3.3.1;
/// all four are sent by real clients), other NULs are dropped. Backspace and DEL erase a character, ^W a word, ^U the line;
/// ^D on an empty line ends the input. A line over the limit is thrown away as it comes in and reported once, at its end.
/// </summary>
internal sealed class LineReader(IClientConnection connection, int maxLineBytes)
{
    private const int ReceiveSize = 16 * 1024;
    private const byte EndOfTransmission = 0x04, Backspace = 0x08, LineFeed = 0x0a, CarriageReturn = 0x0d, KillLine = 0x15,
        EraseWord = 0x17, FirstPrintable = 0x20, Delete = 0x7f;

#if NET
    private static readonly SearchValues<byte> _special = SearchValues.Create(
        [0, EndOfTransmission, Backspace, LineFeed, CarriageReturn, KillLine, EraseWord, Delete]);
#endif

    private readonly IReceiveReadiness? _readiness = connection as IReceiveReadiness;

    // Both on pooled memory, and held only while there is something in them.
    private byte[] _received = [];
    private byte[] _line = [];
    private int _next, _end, _length;
    private bool _afterCarriageReturn, _tooLong, _ended, _isTaken;

    /// <summary>Takes the next line if it is here already, or the end of the input. The bytes are valid until the next call of anything here.</summary>
    /// <returns><see langword="false"/> when there is none: wait, receive and try again.</returns>
    public bool TryRead(out LineRead read)
    {
        if (_isTaken)
        {
            _length = 0;
            _tooLong = _isTaken = false;
        }

        _isTaken = TryTake(out read);
        if (_isTaken || !_ended)
            return _isTaken;
        Return(ref _received);
        _isTaken = _length > 0 || _tooLong;
        read = _isTaken ? EndLine() : new LineRead(LineReadKind.End, default);
        return true;
    }

    /// <summary>Waits until there is something to receive, where the connection can tell; meanwhile no buffer is held. All that is here has been read.</summary>
    /// <exception cref="IOException">The connection broke; a line it broke in the middle of is not reported.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_length == 0)
            Return(ref _line);
        if (_readiness is null)
            return default;
        Return(ref _received);
        return _readiness.WaitToReceiveAsync(cancellationToken);
    }

    /// <summary>Receives some bytes, or learns that there will be no more.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_received.Length == 0)
            _received = ArrayPool<byte>.Shared.Rent(ReceiveSize);
        _next = _end = 0;
        var receiving = connection.ReceiveAsync(_received, cancellationToken);
        if (!receiving.IsCompletedSuccessfully)
            return FinishAsync(receiving);
        Received(receiving.Result);
        return default;
    }

    private async ValueTask FinishAsync(ValueTask<int> receiving) => Received(await receiving.ConfigureAwait(false));

    private void Received(int count)
    {
        _end = count;
        _ended = count == 0;
    }

    /// <summary>Goes through what has been received, up to the next end of a line.</summary>
    private bool TryTake(out LineRead read)
    {
        while (_next < _end)
        {
            var plain = PlainBytes(_received.AsSpan(_next, _end - _next));
            if (plain > 0)
            {
                _afterCarriageReturn = false;
                var isWhole = _length == 0 && _next + plain < _end && IsEnd(_received[_next + plain]);
                if (isWhole && plain <= maxLineBytes && !_tooLong)
                {
                    // A line that stands here from its start to its end, as most do, is not moved.
                    read = new LineRead(LineReadKind.Line, _received.AsMemory(_next, plain));
                    _next += plain + 1;
                    _afterCarriageReturn = _received[_next - 1] == CarriageReturn;
                    return true;
                }

                Keep(_received.AsSpan(_next, plain));
                _next += plain;
            }
            else if (Take(_received[_next++]) is { } line)
            {
                read = line;
                return true;
            }
        }

        read = default;
        return false;
    }

    private static bool IsEnd(byte value) => value is LineFeed or CarriageReturn;

    /// <summary>How many bytes at the front mean nothing but themselves.</summary>
    private static int PlainBytes(ReadOnlySpan<byte> bytes)
    {
#if NET
        var special = bytes.IndexOfAny(_special);
        return special < 0 ? bytes.Length : special;
#else
        var count = 0;
        while (count < bytes.Length && bytes[count] is >= FirstPrintable and not Delete)
            count++;
        return count;
#endif
    }

    private LineRead? Take(byte value)
    {
        if (_afterCarriageReturn)
        {
            _afterCarriageReturn = false;
            if (value is LineFeed or 0)
                return null;
        }

        switch (value)
        {
            case CarriageReturn:
                _afterCarriageReturn = true;
                return EndLine();
            case LineFeed:
                return EndLine();
            case 0:
                break;
            case Backspace or Delete:
                EraseCharacter();
                break;
            case KillLine:
                _length = 0;
                break;
            case EraseWord:
                while (_length > 0 && _line[_length - 1] == ' ')
                    _length--;
                while (_length > 0 && _line[_length - 1] != ' ')
                    _length--;
                break;
            case EndOfTransmission:
                if (_length == 0 && !_tooLong)
                {
                    _ended = true;
                    _next = _end;
                }

                break;
            default:
                Keep([value]);
                break;
        }

        return null;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_tooLong)
            return;
        if (bytes.Length > maxLineBytes - _length)
        {
            _tooLong = true;
            _length = 0;
            return;
        }

        if (bytes.Length > _line.Length - _length)
            GrowLine(_length + bytes.Length);
        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Erases one code point: its UTF-8 continuation bytes (10xxxxxx), then its first byte.</summary>
    private void EraseCharacter()
    {
        while (_length > 1 && (_line[_length - 1] & 0xc0) == 0x80)
            _length--;
        if (_length > 0)
            _length--;
    }

    private LineRead EndLine() =>
        _tooLong ? new LineRead(LineReadKind.TooLong, default) : new LineRead(LineReadKind.Line, _line.AsMemory(0, _length));

    private void GrowLine(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(maxLineBytes, Math.Max(length, Math.Max(128, _line.Length * 2))));
        _line.AsSpan(0, _length).CopyTo(larger);
        Return(ref _line);
        _line = larger;
    }

    private static void Return(ref byte[] pooled)
    {
        if (pooled.Length > 0)
            ArrayPool<byte>.Shared.Return(pooled);
        pooled = [];
    }
}
