namespace Chat.Load.Watching;

/// <summary>What a process has had of the processor.</summary>
/// <param name="User">Seconds in its own code, to 0.01 s.</param>
/// <param name="System">Seconds in the kernel, to 0.01 s.</param>
/// <param name="Running">Nanoseconds that the threads alive ran.</param>
/// <param name="Waiting">Nanoseconds that they could have run and had no core.</param>
internal readonly record struct CpuTime(double User, double System, long Running, long Waiting)
{
    public double Total => User + System;

    /// <summary>The share of the time in which there was no core.</summary>
    public double WaitShare => Running + Waiting > 0 ? Math.Max(0, Waiting / (double)(Running + Waiting)) : 0;

    public static CpuTime operator -(CpuTime later, CpuTime earlier) =>
        new(
            later.User - earlier.User,
            later.System - earlier.System,
            later.Running - earlier.Running,
            later.Waiting - earlier.Waiting);
}
