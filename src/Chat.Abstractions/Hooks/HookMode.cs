namespace Chat.Hooks;

/// <summary>Whether a hook or guard acts.</summary>
public enum HookMode
{
    /// <summary>It acts.</summary>
    Active,

    /// <summary>It is called for each message and its answer is compared and reported, but has no effect.</summary>
    Shadow,
}
