namespace Chat.Load.Clients;

/// <summary>How far a client is.</summary>
internal enum ClientState
{
    New,
    Connecting,

    /// <summary>Connected; the server does not yet know who it is.</summary>
    Registering,
    Registered,
    Joining,

    /// <summary>In its room.</summary>
    Ready,
    Ended,
}
