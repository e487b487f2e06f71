namespace Chat.Engine.Isolation.Targets;

/// <summary>Stops a plugin's code by throwing an exception in it. Safe from any thread; no method blocks.</summary>
internal interface ICallStopper
{
    /// <summary>Stops the code that runs on a thread. Called repeatedly until the call has ended.</summary>
    void StopCall(Thread thread);

    /// <summary>Reverts <see cref="StopCall"/> after the call has ended. Called on the same thread.</summary>
    void StopCallEnded(Thread thread);

    /// <summary>Stops an abandoned call that still runs behind an <c>await</c>. No other call of the plugin runs until
    /// <see cref="StopGivenUpEnded"/>.</summary>
    void StopGivenUp();

    /// <summary>Reverts <see cref="StopGivenUp"/> after the call has ended or has ignored it.</summary>
    void StopGivenUpEnded();

    /// <summary>Stops all code of the plugin, now and later. The plugin is not called any more.</summary>
    void StopAll();

    /// <summary>Reverts <see cref="StopAll"/> when a hook or guard is enabled again.</summary>
    /// <returns>Whether <see cref="StopAll"/> was in force.</returns>
    bool StopAllEnded();
}
