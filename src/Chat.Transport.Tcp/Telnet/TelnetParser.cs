namespace Chat.Transport.Tcp.Telnet;

/// <summary>Takes telnet's commands out of a byte stream (RFC 854, RFC 855), wherever reads happen to split it. Every
/// option is refused, as the Q method of RFC 1143 does in the state NO: a request is answered once and an answer never,
/// so no two peers can keep each other talking. The one exception is TIMING-MARK (RFC 860), which is agreed to each
/// time: after Ctrl-C the usual telnet clients show nothing until they get that answer. Answers are limited by the
/// minute, so a client that asks "are you there?" now and then to keep its connection alive may do so for
/// ever.</summary>
internal sealed class TelnetParser(TimeProvider clock)
{
    /// <summary>The byte that begins every command.</summary>
    public const byte Iac = 255;

    private const byte EndOfFile = 236, Suspend = 237, AbortProcess = 238, SubnegotiationEnd = 240, Break = 243,
        InterruptProcess = 244, AreYouThere = 246, EraseCharacter = 247, EraseLine = 248, Subnegotiation = 250,
        Will = 251, Wont = 252, Do = 253, Dont = 254;

    private const byte TimingMark = 6;
    private const byte BackspaceByte = 0x08, KillLineByte = 0x15;

    private const int MaxSubnegotiationBytes = 4096;
    private const int MaxAnswersPerMinute = 64;

    private List<byte>? _replies;
    private State _state;
    private byte _verb;
    private int _subnegotiationBytes;
    private int _answersThisMinute;
    private long _minuteBegan = clock.GetTimestamp();

    private enum State
    {
        Data,
        Command,
        Option,
        Subnegotiation,
        SubnegotiationCommand,
    }

    /// <summary>Whether there is something to send back.</summary>
    public bool HasReplies => _replies is { Count: > 0 };

    /// <summary>Whether the peer has said that its input has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes what there is to send back.</summary>
    public byte[] TakeReplies()
    {
        byte[] replies = [.. _replies ?? []];
        _replies?.Clear();
        return replies;
    }

    /// <summary>Moves the data bytes to the front, without the commands.</summary>
    /// <returns>How many bytes are data.</returns>
    /// <exception cref="InvalidDataException">The peer wants too many answers within a minute, or does not end a
    /// subnegotiation; close the connection.</exception>
    public int Filter(Span<byte> bytes)
    {
        if (_state == State.Data && bytes.IndexOf(Iac) < 0)
            return bytes.Length;

        // What a command leaves behind is never longer than the command itself, so the data is moved in place.
        var kept = 0;
        foreach (var value in bytes)
        {
            if (Take(value) is { } data)
                bytes[kept++] = data;
            if (HasEnded)
                break;
        }

        return kept;
    }

    private byte? Take(byte value)
    {
        switch (_state)
        {
            case State.Data when value == Iac:
                _state = State.Command;
                return null;
            case State.Data:
                return value;
            case State.Command:
                return TakeCommand(value);
            case State.Option:
                _state = State.Data;
                AnswerOption(value);
                return null;
            case State.Subnegotiation:
                if (value == Iac)
                    _state = State.SubnegotiationCommand;
                else
                    CountSubnegotiation();
                return null;
            default:
                _state = value == SubnegotiationEnd ? State.Data : State.Subnegotiation;
                CountSubnegotiation();
                return null;
        }
    }

    private byte? TakeCommand(byte command)
    {
        _state = State.Data;
        switch (command)
        {
            case Iac:
                return Iac;
            case Will or Wont or Do or Dont:
                _verb = command;
                _state = State.Option;
                return null;
            case Subnegotiation:
                _subnegotiationBytes = 0;
                _state = State.Subnegotiation;
                return null;
            case InterruptProcess or Break or Suspend or EraseLine:
                return KillLineByte;
            case EraseCharacter:
                return BackspaceByte;
            case AreYouThere:
                Answer("[yes]\r\n"u8);
                return null;
            case EndOfFile or AbortProcess:
                HasEnded = true;
                return null;
            default:
                return null;
        }
    }

    private void AnswerOption(byte option)
    {
        if (_verb == Do)
            Answer([Iac, option == TimingMark ? Will : Wont, option]);
        else if (_verb == Will)
            Answer([Iac, Dont, option]);
    }

    private void Answer(ReadOnlySpan<byte> reply)
    {
        if (clock.GetElapsedTime(_minuteBegan) >= TimeSpan.FromMinutes(1))
        {
            _minuteBegan = clock.GetTimestamp();
            _answersThisMinute = 0;
        }

        if (++_answersThisMinute > MaxAnswersPerMinute)
            throw new InvalidDataException("keeps negotiating telnet options");
        _replies ??= [];
        foreach (var value in reply)
            _replies.Add(value);
    }

    private void CountSubnegotiation()
    {
        if (++_subnegotiationBytes > MaxSubnegotiationBytes)
            throw new InvalidDataException("does not end a telnet subnegotiation");
    }
}
