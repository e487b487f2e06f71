namespace Chat.Engine.Isolation;

/// <summary>How a call into a plugin ended.</summary>
/// <param name="Result">What it returned.</param>
/// <param name="Fault">Why it failed: its exception, or a <see cref="TimeoutException"/>; <see langword="null"/> if it did not fail.</param>
/// <param name="IsSkipped">
/// Whether it was never made: the call before it of the same plugin took longer than its time budget, and nobody waits for more than one of these.
/// </param>
internal readonly record struct CallOutcome<T>(T? Result, Exception? Fault, bool IsSkipped);
