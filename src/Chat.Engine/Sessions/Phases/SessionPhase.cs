namespace Chat.Engine.Sessions.Phases;

/// <summary>The phases of a session, in order. Each may be skipped but <see cref="Leaving"/>.</summary>
internal enum SessionPhase
{
    /// <summary>The layers of the connection are being opened.</summary>
    Connecting,

    /// <summary>The client has no nick, and nobody sees it.</summary>
    SigningIn,

    /// <summary>The client has a nick and may be in rooms.</summary>
    Talking,

    /// <summary>The client leaves its rooms and takes what is left for it.</summary>
    Leaving,
}
