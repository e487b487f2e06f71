using Chat.Events;

namespace Chat.Testing;

/// <summary>Test data: valid values where the test does not care which.</summary>
public static class Some
{
    /// <summary>A point in time.</summary>
    public static DateTimeOffset Time { get; } = new(2031, 5, 17, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A unique name.</summary>
    /// <param name="prefix">The beginning of the name.</param>
    public static string Name(string prefix = "some") => $"{prefix}{Guid.NewGuid():N}";

    /// <summary>A message from a client.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sender">The nick of the sender.</param>
    /// <param name="room">The room.</param>
    public static MessageContext Message(string text = "hello", string sender = "ann", string room = "lobby") => new()
    {
        Id = 1,
        Room = room,
        Sender = new Sender("c0", sender),
        Text = text,
        OriginalText = text,
        Time = Time,
    };

    /// <summary>A line said in a room.</summary>
    /// <param name="text">The text.</param>
    /// <param name="nick">The nick of the sender.</param>
    /// <param name="room">The room.</param>
    public static Said Said(string text = "hello", string nick = "ann", string room = "lobby") =>
        new(room, new Sender("c0", nick), text) { Time = Time };
}
