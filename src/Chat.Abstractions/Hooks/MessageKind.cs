namespace Chat.Hooks;

/// <summary>How a message is spoken.</summary>
public enum MessageKind
{
    /// <summary>Said to a room.</summary>
    Say,

    /// <summary>Done in a room (<c>/me</c>).</summary>
    Emote,

    /// <summary>Said to one person (<c>/msg</c>).</summary>
    Whisper,
}
