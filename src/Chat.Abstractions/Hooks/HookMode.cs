namespace Chat.Hooks;

/// <summary>Specifies whether a hook or guard takes effect.</summary>
public enum HookMode
{
    /// <summary>The hook or guard takes effect.</summary>
    Active,

    /// <summary>The hook or guard is called, and its results are compared and reported, but they have no
    /// effect.</summary>
    Shadow,
}
