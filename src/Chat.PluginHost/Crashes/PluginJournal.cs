namespace Chat.PluginHost.Crashes;

/// <summary>Notes in the black box what the host itself calls of one version of a plugin.</summary>
internal sealed class PluginJournal(CrashJournal? box, int number)
{
    /// <summary>Notes nothing.</summary>
    public static PluginJournal None { get; } = new(null, 0);

    public int Number => number;

    /// <summary>Its code runs until the note is disposed.</summary>
    public IDisposable? Inside() => box?.Enter(number);

    /// <summary>Its code may run until the note is disposed, or wait: it is suspected only when no other is running.</summary>
    public IDisposable? Around() => box?.Enter(number, isWaitedFor: true);
}
