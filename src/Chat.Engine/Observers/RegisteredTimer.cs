namespace Chat.Engine.Observers;

/// <summary>A timer as registered.</summary>
/// <param name="Id">The timer's id.</param>
/// <param name="Interval">The time between ticks.</param>
/// <param name="Tick">The callback.</param>
internal sealed record RegisteredTimer(string Id, TimeSpan Interval, Func<ValueTask> Tick);
