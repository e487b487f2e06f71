namespace Chat.Engine;

/// <summary>Specifies what happens to a member who reads too slowly for a room.</summary>
public enum SlowMemberPolicy
{
    /// <summary>Skip ahead to the newest line and tell the member how many lines were missed.</summary>
    Skip,

    /// <summary>Disconnect the member, with the reason.</summary>
    Disconnect,
}
