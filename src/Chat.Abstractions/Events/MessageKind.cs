namespace Chat.Events;

/// <summary>Specifies how a message is addressed.</summary>
public enum MessageKind
{
    /// <summary>Said to a room.</summary>
    Say,

    /// <summary>Emoted in a room (<c>/me</c>).</summary>
    Emote,

    /// <summary>Whispered to one person (<c>/msg</c>).</summary>
    Whisper,
}
