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

    /// <summary>A plugin or a hook. A plugin never sees what it caused itself.</summary>
    Hook = 4,

    /// <summary>All of the above.</summary>
    Any = Client | Host | Hook,
}
