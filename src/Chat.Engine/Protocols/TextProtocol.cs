using System.Buffers;
using System.Text;

namespace Chat.Engine.Protocols;

/// <summary>The text protocol for telnet and nc: UTF-8 lines, commands with a leading slash. Lines of the default room
/// are shown as they are (<c>&lt;ann&gt; hi</c>); lines of other rooms name their room (<c>[tea] &lt;ann&gt;
/// hi</c>). It keeps no state, so one instance is the session of all its connections.</summary>
/// <param name="defaultRoom">The room whose name is omitted.</param>
public sealed class TextProtocol(string defaultRoom) : IChatProtocol, IProtocolSession, IEventEncoder
{
    /// <inheritdoc/>
    public string Name => "text";

    /// <inheritdoc/>
    public bool HasEditingKeys => true;

    /// <inheritdoc/>
    public bool SignsInGuests => true;

    /// <inheritdoc/>
    public IEventEncoder Encoder => this;

    /// <inheritdoc/>
    public IProtocolSession Open(IProtocolClient client) => this;

    /// <inheritdoc/>
    public bool TryRead(ref ReadOnlyMemory<byte> line, out ClientCommand command)
    {
        command = default;
        var bytes = line.Span;
        line = default;

        // Some clients begin with the mark of UTF-8, or write it before every line: it is no part of the text.
        if (bytes.StartsWith("\ufeff"u8))
            bytes = bytes.Slice(3);
        var text = CleanText.Line(bytes).TrimEnd();
        if (text.Length == 0)
            return false;
        if (text[0] != '/')
        {
            command = new ClientCommand("say", text);
            return true;
        }

        if (text.Length > 1 && text[1] == '/')
        {
            command = new ClientCommand("say", text[1..]);
            return true;
        }

        var space = text.IndexOf(' ');
        command = space < 0
            ? new ClientCommand(text[1..].ToLowerInvariant(), "")
            : new ClientCommand(text[1..space].ToLowerInvariant(), text[space..].Trim());
        return true;
    }

    /// <inheritdoc/>
    public void Write(ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        // The most frequent event; written without building a string.
        if (chatEvent is Said said)
        {
            WriteRoom(said, output);
            WriteSaid(output, CleanText.Line(said.Nick), CleanText.Line(said.Text));
            output.Write("\r\n"u8);
            return;
        }

        if (chatEvent is RoomEvent roomEvent)
            WriteRoom(roomEvent, output);
        var text = EventText.Of(chatEvent);
        foreach (var line in chatEvent is RoomEvent or Whispered ? [text] : CleanText.Lines(text))
        {
            WriteClean(output, line);
            output.Write("\r\n"u8);
        }
    }

    private void WriteRoom(RoomEvent roomEvent, IBufferWriter<byte> output)
    {
        if (IsDefault(roomEvent.Room))
            return;
        output.Write("["u8);
        WriteClean(output, roomEvent.Room);
        output.Write("] "u8);
    }

    private static void WriteSaid(IBufferWriter<byte> output, string nick, string text)
    {
        var line = output.GetSpan(Encoding.UTF8.GetMaxByteCount(nick.Length + text.Length + "<> ".Length));
        line[0] = (byte)'<';
        var length = 1 + Encode(nick, line[1..]);
        line[length++] = (byte)'>';
        line[length++] = (byte)' ';
        length += Encode(text, line[length..]);
        output.Advance(length);
    }

    private static void WriteClean(IBufferWriter<byte> output, string text)
    {
        var clean = CleanText.Line(text);
        var bytes = output.GetSpan(Encoding.UTF8.GetMaxByteCount(clean.Length));
        output.Advance(Encode(clean, bytes));
    }

    private static int Encode(string text, Span<byte> bytes)
    {
#if NET
        return Encoding.UTF8.GetBytes(text, bytes);
#else
        var encoded = Encoding.UTF8.GetBytes(text);
        encoded.CopyTo(bytes);
        return encoded.Length;
#endif
    }

    private bool IsDefault(string room) => string.Equals(room, defaultRoom, StringComparison.OrdinalIgnoreCase);
}
