namespace Chat.Hooks;

/// <summary>The five things a hook can decide.</summary>
public enum HookAction
{
    /// <summary>The message goes on as it is.</summary>
    Pass,

    /// <summary>The message goes on with another text.</summary>
    Rewrite,

    /// <summary>Other messages go on in its place.</summary>
    Emit,

    /// <summary>The message ends in silence.</summary>
    Drop,

    /// <summary>The message ends and the sender is told why.</summary>
    Reject,
}
