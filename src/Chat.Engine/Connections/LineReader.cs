using System.Buffers;

namespace Chat.Engine.Connections;

/// <summary>Splits bytes into lines: the only framing there is. LF, CR LF, CR NUL and a lone CR each end one line (RFC
/// 854, RFC 1123 3.3.1; real clients send all four); other NULs are dropped. A line over the limit is thrown away as it
/// arrives and reported once, at its end. A client that speaks another protocol, or that never ends a line, is
/// refused.</summary>
/// <param name="connection">Where the bytes come from; not owned.</param>
/// <param name="maxLineBytes">The longest line, in bytes without its end.</param>
/// <param name="hasEditingKeys">Whether backspace and DEL erase a character, ^W a word and ^U the line, and ^D on an
/// empty line ends the input. Otherwise they are part of the line.</param>
internal sealed class LineReader(IClientConnection connection, int maxLineBytes, bool hasEditingKeys)
{
    private const int ReceiveSize = 16 * 1024;
    private const byte EndOfTransmission = 0x04, Backspace = 0x08, LineFeed = 0x0a, CarriageReturn = 0x0d,
        KillLine = 0x15, EraseWord = 0x17, FirstPrintable = 0x20, Delete = 0x7f;

    /// <summary>How much may arrive without the end of a line: so many longest lines, but at least so many
    /// bytes.</summary>
    private const int EndlessLines = 64, EndlessBytes = 1024 * 1024;

    /// <summary>How much of a first line that is too long is enough to recognize an HTTP request.</summary>
    private const int CutLineBytes = 64;

#if NET
    private static readonly SearchValues<byte> _ends = SearchValues.Create([0, LineFeed, CarriageReturn]);
    private static readonly SearchValues<byte> _endsAndKeys = SearchValues.Create(
        [0, EndOfTransmission, Backspace, LineFeed, CarriageReturn, KillLine, EraseWord, Delete]);
#endif

    // Both are pooled, and held only while there is something in them.
    private byte[] _received = [];
    private byte[] _line = [];
    private int _next, _end, _length;

    /// <summary>How many bytes have been received since the last end of a line, apart from those received together with
    /// it.</summary>
    private int _unended;

    private OpeningBytes _opening;
    private bool _hasBegun, _afterCarriageReturn, _tooLong, _ended, _isTaken;

    /// <summary>Why the client is not to be served; <see langword="null"/> unless <see cref="LineReadKind.Refused"/>
    /// has been read.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Takes the next line if it is here already, or the end of the input. Its bytes are valid until the next
    /// call of any member.</summary>
    /// <returns><see langword="false"/> if there is none yet: wait, receive and try again.</returns>
    public bool TryRead(out LineRead read)
    {
        if (_isTaken)
        {
            _length = 0;
            _tooLong = _isTaken = false;
        }

        _isTaken = TryTake(out read);
        if (!_isTaken && _ended)
            EndInput(out read);
        if (!_hasBegun)
            Begin(read);
        if (!_isTaken && _unended > Math.Max(EndlessBytes, maxLineBytes * EndlessLines))
            Refusal = Refusal.Endless;
        if (Refusal is not null)
            read = new LineRead(LineReadKind.Refused, default);
        return _isTaken || _ended || Refusal is not null;
    }

    /// <summary>Waits until there is something to receive, if the connection can tell; no buffer is held meanwhile.
    /// Called when everything that is here has been read.</summary>
    /// <exception cref="IOException">The connection broke; a line that it broke in the middle of is not
    /// reported.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_length == 0)
            Return(ref _line);
        if (connection is not IReceiveReadiness readiness)
            return default;
        Return(ref _received);
        return readiness.WaitToReceiveAsync(cancellationToken);
    }

    /// <summary>Receives some bytes, or learns that there will be no more.</summary>
    /// <exception cref="IOException">The connection broke, or its transport does not keep the contract.</exception>
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
        if ((uint)count > (uint)_received.Length)
            throw new IOException($"The transport of {connection.Id} claims {count} bytes for {_received.Length}.");
        _end = count;
        _ended = count == 0;
        _unended += count;
        if (!_opening.IsOver)
            Refusal ??= _opening.Take(_received.AsSpan(0, count));
    }

    /// <summary>A last line counts without its end.</summary>
    private void EndInput(out LineRead read)
    {
        Return(ref _received);
        _isTaken = _length > 0 || _tooLong;
        read = _isTaken ? EndLine() : new LineRead(LineReadKind.End, default);
    }

    /// <summary>Looks at the connection's first line, and from then on at no other.</summary>
    private void Begin(LineRead read)
    {
        if (!_isTaken || (read.Line.IsEmpty && read.Kind == LineReadKind.Line))
            return;
        _hasBegun = true;
        Refusal ??= OpeningBytes.OfLine(read.Line.Span);
    }

    /// <summary>Goes through what has been received, up to the next end of a line.</summary>
    private bool TryTake(out LineRead read)
    {
        while (_next < _end)
        {
            var plain = PlainBytes(_received.AsSpan(_next, _end - _next), hasEditingKeys);
            if (plain > 0)
            {
                _afterCarriageReturn = false;
                var isWhole = _length == 0 && _next + plain < _end && IsEnd(_received[_next + plain]);
                if (isWhole && plain <= maxLineBytes && !_tooLong)
                {
                    // A line that is here from its start to its end, as most are, is not copied.
                    _unended = 0;
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
    private static int PlainBytes(ReadOnlySpan<byte> bytes, bool hasEditingKeys)
    {
#if NET
        var special = bytes.IndexOfAny(hasEditingKeys ? _endsAndKeys : _ends);
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
            case Backspace or Delete when hasEditingKeys:
                EraseCharacter();
                break;
            case KillLine when hasEditingKeys:
                _length = 0;
                break;
            case EraseWord when hasEditingKeys:
                while (_length > 0 && _line[_length - 1] == ' ')
                    _length--;
                while (_length > 0 && _line[_length - 1] != ' ')
                    _length--;
                break;
            case EndOfTransmission when hasEditingKeys:
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
            if (!_hasBegun)
                BeginWithCutLine(bytes);
            _tooLong = true;
            _length = 0;
            return;
        }

        if (bytes.Length > _line.Length - _length)
            GrowLine(_length + bytes.Length);
        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>The first line is too long, and what there is of it is about to be thrown away.</summary>
    private void BeginWithCutLine(ReadOnlySpan<byte> bytes)
    {
        Span<byte> start = stackalloc byte[CutLineBytes];
        var kept = Math.Min(_length, CutLineBytes);
        var added = Math.Min(bytes.Length, CutLineBytes - kept);
        _line.AsSpan(0, kept).CopyTo(start);
        bytes.Slice(0, added).CopyTo(start.Slice(kept));
        Refusal ??= OpeningBytes.OfCutLine(start.Slice(0, kept + added));
    }

    /// <summary>Erases one code point: its UTF-8 continuation bytes (10xxxxxx), then its first byte.</summary>
    private void EraseCharacter()
    {
        while (_length > 1 && (_line[_length - 1] & 0xc0) == 0x80)
            _length--;
        if (_length > 0)
            _length--;
    }

    private LineRead EndLine()
    {
        _unended = 0;
        return _tooLong
            ? new LineRead(LineReadKind.TooLong, default)
            : new LineRead(LineReadKind.Line, _line.AsMemory(0, _length));
    }

    private void GrowLine(int length)
    {
        var wanted = Math.Max(length, Math.Max(128, _line.Length * 2));
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(maxLineBytes, wanted));
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
