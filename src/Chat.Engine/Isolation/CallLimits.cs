namespace Chat.Engine.Isolation;

/// <summary>The limits on calls into plugins, and when a plugin that keeps failing is disabled.</summary>
/// <param name="HookBudget">The time budget of a hook or guard that sets none of its own.</param>
/// <param name="CallBudget">The time budget of a command, observer or timer.</param>
/// <param name="WarnAfter">How long a call may take before it is logged as slow.</param>
/// <param name="FaultLimit">The number of faults within <paramref name="FaultWindow"/> that disables a hook or
/// guard.</param>
/// <param name="FaultWindow">The period in which faults are counted.</param>
internal sealed record CallLimits(
    TimeSpan HookBudget, TimeSpan CallBudget, TimeSpan WarnAfter, int FaultLimit, TimeSpan FaultWindow)
{
    public static readonly TimeSpan ShortestBudget = TimeSpan.FromMilliseconds(10);

    public static readonly TimeSpan LongestBudget = TimeSpan.FromHours(1);
}
