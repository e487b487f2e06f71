using System.Text;

namespace Chat.PluginHost.Crashes;

/// <summary>Reads what a run of the process has left in its <see cref="CrashJournal"/>.</summary>
internal static class CrashJournalReader
{
    private static readonly PreviousRun _nothing = new(IsClean: true, [], []);

    /// <summary>Reads a file.</summary>
    /// <returns>What it tells; a clean end when there is no such file, or it is none of a black box.</returns>
    public static PreviousRun Read(string path)
    {
        if (!File.Exists(path))
            return _nothing;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != CrashJournalFile.Size || BitConverter.ToInt64(bytes, 0) != CrashJournalFile.Magic)
            return _nothing;
        if (BitConverter.ToInt32(bytes, CrashJournalFile.StateAt) == CrashJournalFile.Clean)
            return _nothing;
        var cells = Enumerable.Range(0, CrashJournalFile.Cells)
            .Select(index => BitConverter.ToInt32(bytes, CrashJournalFile.CellsAt + (index * CrashJournalFile.CellBytes)))
            .ToList();
        var running = Suspects(bytes, cells.Where(cell => cell > 0));
        return new PreviousRun(IsClean: false, running.Count > 0 ? running : Suspects(bytes, cells.Where(cell => cell < 0).Select(cell => -cell)), Ends(bytes));
    }

    private static List<PluginFingerprint> Suspects(byte[] bytes, IEnumerable<int> numbers) =>
        [.. numbers.Distinct().Select(number => Name(bytes, number)).OfType<PluginFingerprint>()];

    private static PluginFingerprint? Name(byte[] bytes, int number)
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
