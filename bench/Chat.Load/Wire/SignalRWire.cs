using System.Text;
using Chat.Load.Clients;

namespace Chat.Load.Wire;

/// <summary>
/// A SignalR hub with <c>Send(text)</c>, and with more rooms than one <c>Join(room)</c> and <c>SendTo(room, text)</c>;
/// JSON over WebSocket. What is received is cut at SignalR's record ends: the frames around it hold no marker, wherever
/// they are cut.
/// </summary>
internal sealed class SignalRWire(LoadOptions options) : IWire
{
    private const byte RecordEnd = 0x1e;
    private const int MostOverhead = 128;

    private readonly bool _hasRooms = options.Rooms > 1;

    // HTTP's lines until the connection is upgraded, records from there on.
    public void Open(Client client) => client.Send(Encoding.ASCII.GetBytes(
        $"GET {options.Path} HTTP/1.1\r\nHost: {options.Host}:{options.Port}\r\n" +
        "Upgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));

    public void Join(Client client)
    {
        if (_hasRooms)
            Send(client, $$"""{"type":1,"target":"Join","arguments":["r{{client.Room}}"]}""");
        client.Join();
    }

    public void Read(Client client, ReadOnlySpan<byte> line)
    {
        if (client.LineEnd == RecordEnd)
        {
            if (line.EndsWith("{}"u8))
                client.Register();
            else if (line.IndexOf("\"error\""u8) >= 0)
                client.Complain(WireKinds.Shown(line));
        }
        else if (line.StartsWith("HTTP/"u8) && line.IndexOf(" 101 "u8) < 0)
        {
            client.End($"the server does not upgrade {options.Path} to WebSocket: {WireKinds.Shown(line)}");
        }
        else if (line.SequenceEqual("\r"u8))
        {
            client.LineEnd = RecordEnd;
            Send(client, """{"protocol":"json","version":1}""");
        }
    }

    public int Write(int room, ReadOnlySpan<byte> text, Span<byte> output)
    {
        Span<byte> record = stackalloc byte[LoadOptions.MaxSize + MostOverhead];
        var scribe = new Scribe(record);
        if (_hasRooms)
        {
            scribe.Add("{\"type\":1,\"target\":\"SendTo\",\"arguments\":[\"r"u8);
            scribe.Add(room);
            scribe.Add("\",\""u8);
        }
        else
        {
            scribe.Add("{\"type\":1,\"target\":\"Send\",\"arguments\":[\""u8);
        }

        scribe.Add(text);
        scribe.Add("\"]}\u001e"u8);
        return Frame(scribe.Written, output);
    }

    public void KeepAlive(Client client) => Send(client, """{"type":6}""");

    private static void Send(Client client, string json)
    {
        Span<byte> frame = stackalloc byte[2 * MostOverhead];
        client.Send(frame[..Frame(Encoding.UTF8.GetBytes(json + (char)RecordEnd), frame)]);
    }

    /// <summary>Puts a WebSocket text frame around it, masked as a client's must be: with zeros, which change
    /// nothing.</summary>
    private static int Frame(ReadOnlySpan<byte> payload, Span<byte> output)
    {
        const byte FinalText = 0x81, Masked = 0x80, LongLength = 126;
        var scribe = new Scribe(output);
        if (payload.Length < LongLength)
            scribe.Add([FinalText, (byte)(Masked | payload.Length)]);
        else
            scribe.Add([FinalText, Masked | LongLength, (byte)(payload.Length >> 8), (byte)payload.Length]);
        scribe.Add([0, 0, 0, 0]);
        scribe.Add(payload);
        return scribe.Length;
    }
}
