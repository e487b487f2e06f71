using System.Text;
using Chat.Load.Clients;

namespace Chat.Load.Wire;

/// <summary>NATS: one subject for each room, subscribed to at once.</summary>
internal sealed class NatsWire : IWire
{
    public void Open(Client client) => client.Send(Encoding.ASCII.GetBytes(
        "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":true,\"lang\":\"c#\","
            + "\"version\":\"0\",\"protocol\":0}\r\n"
            + $"SUB r.{client.Room} 1\r\nPING\r\n"));

    public void Join(Client client) => client.Join();

    public void Read(Client client, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("PING"u8))
            client.Send("PONG\r\n"u8);
        else if (line.StartsWith("PONG"u8))
            client.Register();
        else if (line.StartsWith("-ERR"u8))
            client.Complain(WireKinds.Shown(line));
    }

    public int Write(int room, ReadOnlySpan<byte> text, Span<byte> output)
    {
        var scribe = new Scribe(output);
        scribe.Add("PUB r."u8);
        scribe.Add(room);
        scribe.Add(" "u8);
        scribe.Add(text.Length);
        scribe.Add("\r\n"u8);
        scribe.Add(text);
        scribe.Add("\r\n"u8);
        return scribe.Length;
    }

    public void KeepAlive(Client client)
    {
    }
}
