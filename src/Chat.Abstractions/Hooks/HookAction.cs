namespace Chat.Hooks;

/// <summary>Specifies what a hook does with a message.</summary>
public enum HookAction
{
    /// <summary>The message continues unchanged.</summary>
    Pass,

    /// <summary>The message continues with another text.</summary>
    Rewrite,

    /// <summary>The message is replaced by other messages.</summary>
    Emit,

    /// <summary>The message is ended silently.</summary>
    Drop,

    /// <summary>The message is ended, and the sender is told why.</summary>
    Reject,
}
