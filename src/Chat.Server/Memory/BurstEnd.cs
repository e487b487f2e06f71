namespace Chat.Server.Memory;

/// <summary>Notices that a burst is over: much has been allocated since the last one, and lately hardly anything.</summary>
/// <param name="much">How many bytes are a burst.</param>
/// <param name="little">Fewer bytes than this since the last look are quiet.</param>
/// <param name="allocated">How many bytes had been allocated at the start.</param>
internal sealed class BurstEnd(long much, long little, long allocated)
{
    private long _lastEnd = allocated, _lastLook = allocated;

    /// <summary>Looks again, after about the same time as always.</summary>
    /// <param name="allocated">How many bytes have been allocated so far.</param>
    /// <returns>Whether a burst has ended; each is reported once.</returns>
    public bool Look(long allocated)
    {
        var lately = allocated - _lastLook;
        _lastLook = allocated;
        if (lately >= little || allocated - _lastEnd < much)
            return false;
        _lastEnd = allocated;
        return true;
    }
}
