namespace Chat.Engine;

/// <summary>What happens to a member who reads too slowly for a room.</summary>
public enum SlowMemberPolicy
{
    /// <summary>They are moved ahead to the newest line and told how many they missed.</summary>
    Skip,

    /// <summary>They are disconnected, with the reason.</summary>
    Disconnect,
}
