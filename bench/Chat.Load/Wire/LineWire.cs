using System.Globalization;
using System.Text;
using Chat.Load.Clients;

namespace Chat.Load.Wire;

/// <summary>Plain lines: what is typed is said, but for the two commands given.</summary>
/// <param name="nickCommand">Sent first, if any; <c>%d</c> is the client's number, <c>\n</c> and <c>\r</c> are line
/// ends.</param>
/// <param name="joinCommand">Enters a room, if any; <c>%d</c> is its number.</param>
internal sealed class LineWire(string? nickCommand, string? joinCommand) : IWire
{
    public void Open(Client client)
    {
        if (nickCommand is not null)
            client.Send(Fill(nickCommand, client.Index));
        client.Register();
    }

    public void Join(Client client)
    {
        if (joinCommand is not null)
            client.Send(Fill(joinCommand, client.Room));
        client.Join();
    }

    public void Read(Client client, ReadOnlySpan<byte> line)
    {
    }

    public int Write(int room, ReadOnlySpan<byte> text, Span<byte> output)
    {
        text.CopyTo(output);
        output[text.Length] = (byte)'\n';
        return text.Length + 1;
    }

    public void KeepAlive(Client client)
    {
    }

    private static byte[] Fill(string command, int number)
    {
        var filled = command.Replace("%d", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("\\n", "\n", StringComparison.Ordinal)
            .Replace("\\r", "\r", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(filled + "\n");
    }
}
