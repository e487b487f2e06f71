namespace Chat.Server.Memory;

/// <summary>Notices the end of a burst: much allocated since the last one, and little since the last look.</summary>
internal sealed class BurstEnd(long much, long little, long allocated)
{
    private long _lastEnd = allocated, _lastLook = allocated;

    /// <summary>Looks again. Called at regular intervals.</summary>
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
