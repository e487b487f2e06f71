namespace Chat.Engine.Isolation;

/// <summary>Records whose code is running, and keeps the record when the process ends. Safe from any thread.</summary>
public interface ICrashJournal
{
    /// <summary>Reserves a slot for one caller.</summary>
    /// <returns>The slot; the default value, which records nothing, if all slots are taken.</returns>
    JournalSlot Take();

    /// <summary>Clears and releases a slot.</summary>
    void Return(JournalSlot slot);
}
