namespace Chat.Hooks;

/// <summary>Where messages come from. A message has one origin; a hook may be bound to several.</summary>
[Flags]
public enum MessageOrigins
{
    /// <summary>Nowhere; a hook bound to this sees nothing.</summary>
    None = 0,

    /// <summary>A person on a connection.</summary>
    Client = 1,

    /// <summary>The application that embeds the engine.</summary>
    Host = 2,

    /// <summary>A plugin that speaks by itself; its own hooks never see that. What a command says in the caller's name is the client's.</summary>
    Hook = 4,

    /// <summary>All of the above.</summary>
    Any = Client | Host | Hook,
}
