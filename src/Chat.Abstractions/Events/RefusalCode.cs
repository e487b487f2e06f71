namespace Chat.Events;

/// <summary>Why the server did not do what a client asked for. More codes may be added.</summary>
public enum RefusalCode
{
    /// <summary>Another reason; the subject is a sentence that says which.</summary>
    Other,

    /// <summary>The client has to sign in first.</summary>
    NotSignedIn,

    /// <summary>There is no such command; the subject is its name.</summary>
    UnknownCommand,

    /// <summary>A command lacks an argument; the subject is a sentence that says which.</summary>
    MissingArgument,

    /// <summary>A command failed; the subject is its name.</summary>
    CommandFailed,

    /// <summary>A command did not answer in time; the subject is its name.</summary>
    CommandTimedOut,

    /// <summary>A command is disabled because a call of it does not return; the subject is its name.</summary>
    CommandDisabled,

    /// <summary>The client lacks a role; the subject is the role.</summary>
    RoleRequired,

    /// <summary>The key was wrong.</summary>
    WrongKey,

    /// <summary>A name is not valid as a nick; the subject is a sentence that says why.</summary>
    InvalidNick,

    /// <summary>Somebody else has the nick, which is the subject.</summary>
    NickTaken,

    /// <summary>Nobody has the nick, which is the subject.</summary>
    UnknownNick,

    /// <summary>A name is not valid as a room's; the subject is a sentence that says why.</summary>
    InvalidRoom,

    /// <summary>The client is in as many rooms as it may be in.</summary>
    TooManyRooms,

    /// <summary>The client is not in the room, which is the subject.</summary>
    NotInRoom,

    /// <summary>The client is in no room; the subject is the room that everyone starts in.</summary>
    InNoRoom,

    /// <summary>The line was too long, in bytes.</summary>
    LineTooLong,

    /// <summary>The message is empty.</summary>
    MessageEmpty,

    /// <summary>The message is too long, in bytes of UTF-8.</summary>
    MessageTooLong,

    /// <summary>A hook or guard rejected the message; the subject is its reason, in words.</summary>
    Rejected,

    /// <summary>The message was not sent because a hook or guard failed; the subject says so, in words.</summary>
    HookFailed,

    /// <summary>The recipient has left; the subject is the nick.</summary>
    RecipientLeft,

    /// <summary>The recipient has too much unread; the subject is the nick.</summary>
    RecipientBusy,

    /// <summary>The message could not be delivered, because the server cannot reach the others it shares the chat
    /// with.</summary>
    NotDelivered,
}
