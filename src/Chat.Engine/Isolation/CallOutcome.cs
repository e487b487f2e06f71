namespace Chat.Engine.Isolation;

/// <summary>How a call into a plugin ended.</summary>
/// <param name="Result">The return value.</param>
/// <param name="Fault">The exception that the call threw, or a <see cref="TimeoutException"/>; <see langword="null"/>
/// if it did not fail.</param>
/// <param name="IsSkipped">Whether the call was never made. A call is skipped if the plugin's previous call exceeded
/// its time budget; at most one caller waits for an overdue call.</param>
internal readonly record struct CallOutcome<T>(T? Result, Exception? Fault, bool IsSkipped);
