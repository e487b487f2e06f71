namespace Chat.Engine.Observers;

/// <summary>What a plugin's timer hands to the clock as its state, so that a test's clock can wait for the calls it has set off.</summary>
public interface ITimedCall
{
    /// <summary>Completes when no call is under way or due. Safe from any thread.</summary>
    Task Ended { get; }
}
