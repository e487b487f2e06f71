using System.Text;

namespace Chat.PluginHost.Crashes;

/// <summary>Reads what a run of the process has left in its <see cref="CrashJournal"/>.</summary>
internal static class CrashJournalReader
{
    /// <returns>What the file tells; a clean end if there is none, or if it is not a journal.</returns>
    public static PreviousRun Read(string path, PreviousExit exit)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (bytes.Length != CrashJournalFile.Size
            || BitConverter.ToInt64(bytes, 0) != CrashJournalFile.Magic
            || BitConverter.ToInt32(bytes, CrashJournalFile.StateAt) == CrashJournalFile.Clean)
            return new PreviousRun(IsClean: true, [], []);
        var cells = Enumerable.Range(0, CrashJournalFile.Cells)
            .Select(index => CrashJournalFile.CellsAt + (index * CrashJournalFile.CellBytes))
            .Select(offset => BitConverter.ToInt32(bytes, offset))
            .ToList();
        var running = Plugins(bytes, cells.Where(cell => cell > 0));
        return new PreviousRun(IsClean: false, Ends(bytes), exit switch
        {
            PreviousExit.Killed => [],
            PreviousExit.Crashed when running.Count == 0 =>
                Plugins(bytes, cells.Where(cell => cell < 0).Select(cell => -cell)),
            _ => running,
        });
    }

    private static List<PluginFingerprint> Plugins(byte[] bytes, IEnumerable<int> numbers) =>
    [
        .. from number in numbers.Distinct()
           where number is >= 1 and <= CrashJournalFile.Names
           let entry = CrashJournalFile.NamesAt + ((number - 1) * CrashJournalFile.NameBytes)
           let length = BitConverter.ToInt32(bytes, entry)
           where length is >= 1 and <= CrashJournalFile.LongestName
           let parts = Encoding.UTF8.GetString(bytes, entry + sizeof(int), length).Split('\t')
           where parts.Length == 2
           select new PluginFingerprint(parts[0], parts[1]),
    ];

    private static List<DateTimeOffset> Ends(byte[] bytes) =>
        [.. Enumerable.Range(0, CrashJournalFile.MostEnds)
            .Select(index => BitConverter.ToInt64(bytes, CrashJournalFile.EndsAt + (index * sizeof(long))))
            .Where(ticks => ticks > 0 && ticks <= DateTime.MaxValue.Ticks)
            .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero))];
}
