namespace Chat.Commands;

/// <summary>What a command's answer does.</summary>
public enum CommandAction
{
    /// <summary>Nothing.</summary>
    Done,

    /// <summary>Tells the caller alone.</summary>
    Reply,

    /// <summary>Tells the caller's room, in the server's voice.</summary>
    Announce,

    /// <summary>Says, does or whispers it in the caller's name.</summary>
    Speak,
}
