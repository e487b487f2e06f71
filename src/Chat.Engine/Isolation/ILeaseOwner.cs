namespace Chat.Engine.Isolation;

/// <summary>Continues work after its runner gets stuck in a plugin's code.</summary>
internal interface ILeaseOwner
{
    /// <summary>Continues after the abandoned call, on another thread and with another lease.</summary>
    /// <param name="lost">The lease of the stuck runner, which touches nothing from now on.</param>
    /// <remarks>Called under a lock of the lease, so it only starts the work.</remarks>
    void TakeOver(Lease lost);
}
