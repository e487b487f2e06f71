namespace Chat.Hooks;

/// <summary>Specifies the coarse order of hooks. Earlier bands run first.</summary>
public enum HookBand
{
    /// <summary>Before all others.</summary>
    First,

    /// <summary>Before most.</summary>
    Early,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>After most.</summary>
    Late,

    /// <summary>After all others.</summary>
    Last,
}
