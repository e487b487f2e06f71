namespace Chat.Engine.Tracing;

/// <summary>What a hook or guard did with a line.</summary>
public enum StepVerdict
{
    /// <summary>Left it as it was.</summary>
    Pass,

    /// <summary>Gave it another text.</summary>
    Rewrite,

    /// <summary>Put other messages in its place.</summary>
    Emit,

    /// <summary>Ended it in silence.</summary>
    Drop,

    /// <summary>Refused it: a hook.</summary>
    Reject,

    /// <summary>Let it be sent: a guard.</summary>
    Allow,

    /// <summary>Refused it: a guard.</summary>
    Deny,

    /// <summary>Threw an exception, or answered something that is not valid.</summary>
    Failed,

    /// <summary>Took longer than its time budget.</summary>
    TimedOut,

    /// <summary>Was disabled.</summary>
    Disabled,
}
