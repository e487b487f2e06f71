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
    private const int ReceiveSize = 4096;
    private const byte EndOfTransmission = 0x04, Backspace = 0x08, LineFeed = 0x0a, CarriageReturn = 0x0d, KillLine = 0x15,
        EraseWord = 0x17, Delete = 0x7f;

    private readonly byte[] _received = new byte[ReceiveSize];
    private byte[] _line = [];
    private int _next, _end, _length;
    private bool _afterCarriageReturn, _tooLong, _ended;

    /// <summary>Reads the next line. One caller at a time; the bytes are valid until the next call.</summary>
    /// <exception cref="IOException">The connection broke; a line it broke in the middle of is not reported.</exception>
    public async ValueTask<LineRead> ReadAsync(CancellationToken cancellationToken)
    {
        Restart();
        while (true)
        {
            while (_next < _end)
            {
                if (Take(_received[_next++]) is { } read)
                    return read;
            }

            if (_ended)
                return new LineRead(LineReadKind.End, default);
            if (_length == 0)
                ReturnLine();
            _next = _end = 0;
            _end = await connection.ReceiveAsync(_received, cancellationToken).ConfigureAwait(false);
            _ended = _end == 0;
            if (_ended && (_length > 0 || _tooLong))
                return EndLine();
        }
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
                Keep(value);
                break;
        }

        return null;
    }

    private void Keep(byte value)
    {
        if (_tooLong)
            return;
        if (_length == maxLineBytes)
        {
            _tooLong = true;
            _length = 0;
            return;
        }

        if (_length == _line.Length)
            GrowLine();
        _line[_length++] = value;
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

    private void Restart()
    {
        _length = 0;
        _tooLong = false;
    }

    private void GrowLine()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(maxLineBytes, Math.Max(128, _line.Length * 2)));
        _line.AsSpan(0, _length).CopyTo(larger);
        if (_line.Length > 0)
            ArrayPool<byte>.Shared.Return(_line);
        _line = larger;
    }

    private void ReturnLine()
    {
        if (_line.Length > 0)
            ArrayPool<byte>.Shared.Return(_line);
        _line = [];
    }
}
