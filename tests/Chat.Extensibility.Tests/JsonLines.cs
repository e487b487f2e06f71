using System.Buffers;
using System.Text.Json;
using Chat.Events;
using Chat.Protocols;

namespace Chat.Extensibility.Tests;

/// <summary>A protocol of one JSON object per line, or an array of them. Clients sign in with a nick of their choice,
/// <c>{"nick":"ann"}</c>, and may ask for an answer before that, <c>{"echo":1}</c>.</summary>
internal sealed class JsonLines : IChatProtocol
{
    private static readonly Encoder _encoder = new();

    public string Name => "json";

    public bool HasEditingKeys => false;

    public bool SignsInGuests => false;

    public IProtocolSession Open(IProtocolClient client) => new Session(client);

    private sealed record Echo(JsonElement Value) : ChatEvent;

    private sealed class Session(IProtocolClient client) : IProtocolSession
    {
        private readonly Queue<JsonElement> _open = [];

        public IEventEncoder Encoder => _encoder;

        public bool TryRead(ref ReadOnlyMemory<byte> line, out ClientCommand command)
        {
            if (_open.Count == 0)
                Parse(line);
            while (_open.TryDequeue(out var request))
            {
                if (_open.Count == 0)
                    line = default;
                if (request.TryGetProperty("echo", out var echoed))
                    client.Reply(new Echo(echoed));
                if (request.TryGetProperty("nick", out var nick))
                    client.SignIn(nick.GetString());
                if (!request.TryGetProperty("do", out var name))
                    continue;
                var text = request.TryGetProperty("text", out var given) ? given.GetString()! : "";
                var room = request.TryGetProperty("room", out var target) ? target.GetString() : null;
                command = new ClientCommand(name.GetString()!, text, room);
                return true;
            }

            command = default;
            return false;
        }

        private void Parse(ReadOnlyMemory<byte> line)
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                var root = document.RootElement.Clone();
                var isList = root.ValueKind == JsonValueKind.Array;
                foreach (var request in isList ? root.EnumerateArray().ToArray() : [root])
                    _open.Enqueue(request);
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException("sent a line that is no JSON", exception);
            }
        }
    }

    private sealed class Encoder : IEventEncoder
    {
        public void Write(ChatEvent chatEvent, IBufferWriter<byte> output)
        {
            object? written = chatEvent switch
            {
                Echo echo => new { echo = echo.Value },
                Welcomed welcomed => new { welcome = welcomed.Nick },
                Refused refused => new { refused = refused.Code.ToString(), subject = refused.Subject },
                Said said => new
                {
                    said = said.Text,
                    emote = said.Kind == MessageKind.Emote,
                    from = said.Sender.Nick,
                    id = said.Sender.SessionId,
                    room = said.Room,
                },
                Joined joined => new { joined = joined.Nick, room = joined.Room },
                Notice notice => new { notice = notice.Text },
                _ => null,
            };
            if (written is null)
                return;
            using var json = new Utf8JsonWriter(output);
            JsonSerializer.Serialize(json, written);
            json.Flush();
            output.Write("\n"u8);
        }
    }
}
