namespace Chat.Engine.Connections;

/// <summary>Recognizes clients that speak another protocol by a connection's first bytes, wherever reads happen to
/// split them. Two bytes of state; binary protocols are recognized byte by byte, text protocols by their first
/// line.</summary>
internal struct OpeningBytes
{
    /// <summary>Any byte; printable ASCII; printable ASCII and white space.</summary>
    private const short Any = -1, Print = -2, Text = -3;

    private const int LongestMethod = 32;

    private static readonly (Refusal Refusal, short[] Pattern)[] _signatures =
    [
        (Refusal.Tls, [0x16, 0x03]),
        (Refusal.Proxy, [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]),
        (Refusal.Stun, [0x00, Any, Any, Any, 0x21, 0x12, 0xa4, 0x42]),
        (Refusal.Utf16, [0xff, 0xfe]),
        (Refusal.Utf16, [0xfe, 0xff]),

        // UTF-16 without a byte order mark, or with one that the telnet layer has read as a command.
        (Refusal.Utf16, [Print, 0x00, Text, 0x00]),
        (Refusal.Utf16, [0x00, Text, 0x00, Text]),
        (Refusal.Utf16, [0xfe, Print, 0x00, Text]),
    ];

    private byte _position, _excluded;

    /// <summary>Whether the bytes so far exclude every binary protocol.</summary>
    public readonly bool IsOver => _excluded == byte.MaxValue;

    /// <summary>Looks at the next bytes of the connection.</summary>
    /// <returns>The refusal for the protocol they begin with; <see langword="null"/> if none has been recognized
    /// yet.</returns>
    public Refusal? Take(ReadOnlySpan<byte> bytes)
    {
        for (var index = 0; index < bytes.Length && !IsOver; index++, _position++)
        {
            for (var number = 0; number < _signatures.Length; number++)
            {
                var (refusal, pattern) = _signatures[number];
                if ((_excluded & (1 << number)) != 0)
                    continue;
                if (!Matches(pattern[_position], bytes[index]))
                    _excluded |= (byte)(1 << number);
                else if (_position == pattern.Length - 1)
                    return refusal;
            }
        }

        return null;
    }

    /// <summary>Looks at the first line that is not empty.</summary>
    /// <returns>The refusal for the protocol it belongs to; <see langword="null"/> if it is a line of the
    /// chat.</returns>
    public static Refusal? OfLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("SSH-2.0-"u8) || line.StartsWith("SSH-1."u8))
            return Refusal.Ssh;
        if (line.StartsWith("PROXY TCP4 "u8) || line.StartsWith("PROXY TCP6 "u8) || line.StartsWith("PROXY UNKNOWN"u8))
            return Refusal.Proxy;
        var version = line.LastIndexOf((byte)' ');
        return version > 0 && line.Slice(version + 1).StartsWith("HTTP/"u8) && IsRequest(line.Slice(0, version))
            ? Refusal.Http
            : null;
    }

    /// <summary>Looks at the beginning of a first line that is too long to be kept.</summary>
    /// <returns>The refusal for HTTP if it begins as a request does; else <see langword="null"/>.</returns>
    public static Refusal? OfCutLine(ReadOnlySpan<byte> start) => IsRequest(start) ? Refusal.Http : null;

    /// <summary>A method, a blank, and what can only be a target: a path, <c>*</c>, a URL or <c>host:port</c> (RFC
    /// 9112, 3.2).</summary>
    private static bool IsRequest(ReadOnlySpan<byte> start)
    {
        var method = start.IndexOf((byte)' ');
        if (method is <= 0 or > LongestMethod || start.Length == method + 1)
            return false;
        var target = start.Slice(method + 1);
        return target.IndexOf((byte)' ') < 0 && (target[0] is (byte)'/' or (byte)'*' || target.IndexOf((byte)':') > 0);
    }

    private static bool Matches(short expected, byte value) => expected switch
    {
        Any => true,
        Print => value is >= 0x20 and <= 0x7e,
        Text => value is (>= 0x20 and <= 0x7e) or 0x09 or 0x0a or 0x0d,
        _ => value == expected,
    };
}
