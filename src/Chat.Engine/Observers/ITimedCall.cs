namespace Chat.Engine.Observers;

/// <summary>The state that a plugin's timer passes to the clock. It lets a test clock wait for the calls it has
/// triggered.</summary>
public interface ITimedCall
{
    /// <summary>A task that completes when no call is running or due. Safe from any thread.</summary>
    Task Ended { get; }
}
