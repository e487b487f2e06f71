namespace Chat.Engine.Tracing;

/// <summary>The result of one hook or guard for one line.</summary>
public enum StepVerdict
{
    /// <summary>The hook left the line unchanged.</summary>
    Pass,

    /// <summary>The hook replaced the text.</summary>
    Rewrite,

    /// <summary>The hook replaced the line with other messages.</summary>
    Emit,

    /// <summary>The hook ended the line silently.</summary>
    Drop,

    /// <summary>The hook refused the line.</summary>
    Reject,

    /// <summary>The guard allowed the line.</summary>
    Allow,

    /// <summary>The guard refused the line.</summary>
    Deny,

    /// <summary>The call threw an exception or returned an invalid result.</summary>
    Failed,

    /// <summary>The call exceeded its time budget.</summary>
    TimedOut,

    /// <summary>The hook or guard was disabled.</summary>
    Disabled,
}
