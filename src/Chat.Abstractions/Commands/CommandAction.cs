namespace Chat.Commands;

/// <summary>Specifies what a command's result does.</summary>
public enum CommandAction
{
    /// <summary>Shows nothing.</summary>
    Done,

    /// <summary>Replies to the caller only.</summary>
    Reply,

    /// <summary>Announces the text to the caller's room, in the name of the server.</summary>
    Announce,

    /// <summary>Says, emotes or whispers the text in the caller's name.</summary>
    Speak,
}
