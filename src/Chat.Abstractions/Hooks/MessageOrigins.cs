namespace Chat.Hooks;

/// <summary>Specifies the origins of messages. A message has one origin; a hook may act on several.</summary>
[Flags]
public enum MessageOrigins
{
    /// <summary>No origin; a hook with this value sees no messages.</summary>
    None = 0,

    /// <summary>A person on a connection.</summary>
    Client = 1,

    /// <summary>The application that embeds the engine.</summary>
    Host = 2,

    /// <summary>A plugin that speaks on its own; its own hooks do not see the message. What a command says in the
    /// caller's name has the origin <see cref="Client"/>.</summary>
    Hook = 4,

    /// <summary>All of the above.</summary>
    Any = Client | Host | Hook,
}
