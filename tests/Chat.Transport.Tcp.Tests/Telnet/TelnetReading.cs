using Chat.Transport.Tcp.Telnet;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Transport.Tcp.Tests.Telnet;

/// <summary>
/// What became of a telnet stream. One character for each byte, so that two readings compare by value.
/// </summary>
/// <param name="Data">What is left for the chat.</param>
/// <param name="Replies">What was answered.</param>
/// <param name="HasEnded">Whether the peer has said that its input has ended.</param>
/// <param name="IsRefused">Whether the stream was given up.</param>
internal sealed record TelnetReading(string Data, string Replies, bool HasEnded, bool IsRefused)
{
    /// <summary>Lets the parser read the bytes in pieces of the given sizes; the last piece takes the rest.</summary>
    public static TelnetReading Of(byte[] bytes, params IEnumerable<int> sizes)
    {
        var parser = new TelnetParser(new FakeTimeProvider());
        var data = new List<byte>();
        var rest = bytes.AsMemory().ToArray().AsMemory();
        foreach (var size in sizes.Append(int.MaxValue))
        {
            if (parser.HasEnded)
                break;
            var piece = rest[..Math.Min(size, rest.Length)];
            rest = rest[piece.Length..];
            try
            {
                var kept = parser.Filter(piece.Span);
                data.AddRange(piece[..kept].ToArray());
            }
            catch (InvalidDataException)
            {
                return new TelnetReading("", "", HasEnded: false, IsRefused: true);
            }
        }

        return new TelnetReading(
            Bytes.ToLatin(data), Bytes.ToLatin(parser.TakeReplies()), parser.HasEnded, IsRefused: false);
    }
}
