using Chat.Events;
using Chat.Hooks;

namespace Chat.Testing;

/// <summary>Test data: something valid where the test does not care what.</summary>
public static class Some
{
    /// <summary>A point in time.</summary>
    public static DateTimeOffset Time { get; } = new(2031, 5, 17, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A short name that no other call gives.</summary>
    /// <param name="prefix">What it begins with.</param>
    public static string Name(string prefix = "some") => $"{prefix}{Guid.NewGuid():N}";

    /// <summary>A message from a client.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="sender">Who says it.</param>
    /// <param name="room">Where.</param>
    public static MessageContext Message(string text = "hello", string sender = "ann", string room = "lobby") => new()
    {
        Id = 1,
        Room = room,
        Sender = sender,
        ConnectionId = "memory-0",
        Text = text,
        OriginalText = text,
        Time = Time,
    };

    /// <summary>A line said in a room.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="nick">Who says it.</param>
    /// <param name="room">Where.</param>
    public static Said Said(string text = "hello", string nick = "ann", string room = "lobby") => new(room, nick, text) { Time = Time };
}
