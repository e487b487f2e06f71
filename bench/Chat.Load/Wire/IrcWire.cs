using System.Text;
using Chat.Load.Clients;

namespace Chat.Load.Wire;

/// <summary>IRC: one channel for each room.</summary>
internal sealed class IrcWire : IWire
{
    public void Open(Client client) =>
        client.Send(Encoding.ASCII.GetBytes($"NICK n{client.Index}\r\nUSER u{client.Index % 1000} 0 * :load\r\n"));

    public void Join(Client client) => client.Send(Encoding.ASCII.GetBytes($"JOIN #r{client.Room}\r\n"));

    public void Read(Client client, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("PING "u8))
        {
            client.Send([.. "PONG "u8, .. line[5..].TrimEnd((byte)'\r'), .. "\r\n"u8]);
            return;
        }

        if (line.StartsWith("ERROR"u8))
            Complain(client, line);
        else if (client.State != ClientState.Ready)
            ReadAnswer(client, line);
    }

    public int Write(int room, ReadOnlySpan<byte> text, Span<byte> output)
    {
        var scribe = new Scribe(output);
        scribe.Add("PRIVMSG #r"u8);
        scribe.Add(room);
        scribe.Add(" :"u8);
        scribe.Add(text);
        scribe.Add("\r\n"u8);
        return scribe.Length;
    }

    public void KeepAlive(Client client)
    {
    }

    private static void ReadAnswer(Client client, ReadOnlySpan<byte> line)
    {
        var answer = line[(line.IndexOf((byte)' ') + 1)..];
        if (answer.StartsWith("001 "u8))
            client.Register();
        else if (answer.StartsWith("366 "u8))
            client.Join();
        else if (answer.StartsWith("4"u8))
            Complain(client, line);
    }

    private static void Complain(Client client, ReadOnlySpan<byte> line) => client.Complain(WireKinds.Shown(line));
}
