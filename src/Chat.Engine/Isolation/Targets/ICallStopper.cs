namespace Chat.Engine.Isolation.Targets;

/// <summary>Stops a plugin's code by an exception. Safe from any thread; none of the methods waits.</summary>
internal interface ICallStopper
{
    /// <summary>Stops the code that runs on a thread. Called again until the call has ended.</summary>
    void StopCall(Thread thread);

    /// <summary>Takes <see cref="StopCall"/> back: the call has ended. Called on that thread.</summary>
    void StopCallEnded(Thread thread);

    /// <summary>Stops what an abandoned call still does, behind an <c>await</c>. No other call of the plugin runs until <see cref="StopGivenUpEnded"/>.</summary>
    void StopGivenUp();

    /// <summary>Takes <see cref="StopGivenUp"/> back: the call has ended, or does not notice.</summary>
    void StopGivenUpEnded();

    /// <summary>Stops all code of the plugin, now and later: nothing of it is called any more.</summary>
    void StopAll();

    /// <summary>Takes <see cref="StopAll"/> back: a hook or guard is enabled again.</summary>
    /// <returns>Whether it was in force.</returns>
    bool StopAllEnded();
}
