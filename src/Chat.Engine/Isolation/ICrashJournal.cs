namespace Chat.Engine.Isolation;

/// <summary>Remembers, across the end of the process, whose code was running. Safe from any thread.</summary>
public interface ICrashJournal
{
    /// <summary>Takes a slot for one caller.</summary>
    /// <returns>The slot; the default value, which records nothing, when all are taken.</returns>
    JournalSlot Take();

    /// <summary>Clears a slot and gives it back.</summary>
    void Return(JournalSlot slot);
}
