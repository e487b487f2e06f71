namespace Chat.Engine.Isolation;

/// <summary>Goes on with work whose runner is stuck in a plugin's code.</summary>
internal interface ILeaseOwner
{
    /// <summary>Goes on, on another thread and with another lease, behind the call that did not come back.</summary>
    /// <param name="lost">The lease of the stuck runner, which will touch nothing any more.</param>
    /// <remarks>Called under a lock of the lease: it only starts the work.</remarks>
    void TakeOver(Lease lost);
}
