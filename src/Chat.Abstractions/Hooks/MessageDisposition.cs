namespace Chat.Hooks;

/// <summary>The ways a message can end.</summary>
public enum MessageDisposition
{
    /// <summary>It was sent.</summary>
    Sent,

    /// <summary>It was refused and the sender told why.</summary>
    Rejected,

    /// <summary>It was ended in silence.</summary>
    Dropped,

    /// <summary>It was refused because a hook or guard failed on it, by an exception or by taking too long; the sender was told.</summary>
    Failed,
}
