namespace Chat.Engine.Observers;

/// <summary>A timer as it was registered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Interval">From one tick to the next.</param>
/// <param name="Tick">What to do.</param>
internal sealed record RegisteredTimer(string Id, TimeSpan Interval, Func<ValueTask> Tick);
