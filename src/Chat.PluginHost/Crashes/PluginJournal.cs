namespace Chat.PluginHost.Crashes;

/// <summary>Records in the crash journal when the host itself runs code of one version of a plugin.</summary>
internal sealed class PluginJournal(CrashJournal? journal, int number)
{
    /// <summary>The code that follows in this flow is the plugin's, until the result is disposed in the same flow. It
    /// is recorded as running only while it is on a thread, not while it waits.</summary>
    public IDisposable? Inside() => journal?.Enter(number);

    /// <summary>The code that follows is the host's, until the result is disposed in the same flow.</summary>
    public IDisposable? Outside() => journal?.Enter(JournalSlot.Nobody);
}
