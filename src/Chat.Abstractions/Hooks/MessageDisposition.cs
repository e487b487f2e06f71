namespace Chat.Hooks;

/// <summary>Specifies how a message ended.</summary>
public enum MessageDisposition
{
    /// <summary>The message was sent.</summary>
    Sent,

    /// <summary>The message was refused, and the sender was told why.</summary>
    Rejected,

    /// <summary>The message was ended silently.</summary>
    Dropped,

    /// <summary>The message was refused because a hook or guard threw an exception or took too long; the sender was
    /// told.</summary>
    Failed,
}
