using System.Text;

namespace Chat.PluginHost.Crashes;

/// <summary>Reads what a run of the process has left in its <see cref="CrashJournal"/>.</summary>
internal static class CrashJournalReader
{
    private static readonly PreviousRun _nothing = new(IsClean: true, [], []);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="exit">How that run ended, as far as the caller knows.</param>
    /// <returns>What it tells; a clean end if there is no such file, or if it is not a journal.</returns>
    public static PreviousRun Read(string path, PreviousExit exit)
    {
        if (!File.Exists(path))
            return _nothing;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != CrashJournalFile.Size
            || BitConverter.ToInt64(bytes, 0) != CrashJournalFile.Magic
            || BitConverter.ToInt32(bytes, CrashJournalFile.StateAt) == CrashJournalFile.Clean)
            return _nothing;
        return new PreviousRun(IsClean: false, Suspects(bytes, exit), Ends(bytes));
    }

    private static List<PluginFingerprint> Suspects(byte[] bytes, PreviousExit exit)
    {
        var cells = Enumerable.Range(0, CrashJournalFile.Cells)
            .Select(index => index * CrashJournalFile.CellBytes)
            .Select(offset => BitConverter.ToInt32(bytes, CrashJournalFile.CellsAt + offset))
            .ToList();
        var running = Plugins(bytes, cells.Where(cell => cell > 0));
        return exit switch
        {
            PreviousExit.Killed => [],
            PreviousExit.Crashed when running.Count == 0 =>
                Plugins(bytes, cells.Where(cell => cell < 0).Select(cell => -cell)),
            _ => running,
        };
    }

    private static List<PluginFingerprint> Plugins(byte[] bytes, IEnumerable<int> numbers) =>
        [.. numbers.Distinct().Select(number => Plugin(bytes, number)).OfType<PluginFingerprint>()];

    private static PluginFingerprint? Plugin(byte[] bytes, int number)
    {
        if (number is < 1 or > CrashJournalFile.Names)
            return null;
        var entry = CrashJournalFile.NamesAt + ((number - 1) * CrashJournalFile.NameBytes);
        var length = BitConverter.ToInt32(bytes, entry);
        if (length is < 1 or > CrashJournalFile.LongestName)
            return null;
        var parts = Encoding.UTF8.GetString(bytes, entry + sizeof(int), length).Split('\t');
        return parts.Length == 2 ? new PluginFingerprint(parts[0], parts[1]) : null;
    }

    private static List<DateTimeOffset> Ends(byte[] bytes) =>
        [.. Enumerable.Range(0, CrashJournalFile.MostEnds)
            .Select(index => BitConverter.ToInt64(bytes, CrashJournalFile.EndsAt + (index * sizeof(long))))
            .Where(ticks => ticks > 0 && ticks <= DateTime.MaxValue.Ticks)
            .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero))];
}
