namespace Chat.Hooks;

/// <summary>Specifies what happens to a message if a hook or guard fails on it.</summary>
public enum FailurePolicy
{
    /// <summary>The hook is skipped for this message.</summary>
    Pass,

    /// <summary>The message is refused; the sender is told that a hook failed.</summary>
    Block,

    /// <summary>The hook is skipped for this message and disabled until a new version of it is loaded.</summary>
    Disable,
}
