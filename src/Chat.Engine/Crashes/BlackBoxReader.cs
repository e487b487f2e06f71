using System.Text;

namespace Chat.Engine.Crashes;

/// <summary>Reads what a run of the process has left in its <see cref="BlackBox"/>.</summary>
internal static class BlackBoxReader
{
    private static readonly LastRun _nothing = new(IsClean: true, [], []);

    /// <summary>Reads a file.</summary>
    /// <returns>What it tells; a clean end when there is no such file, or it is none of a black box.</returns>
    public static LastRun Read(string path)
    {
        if (!File.Exists(path))
            return _nothing;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != BlackBoxFile.Size || BitConverter.ToInt64(bytes, 0) != BlackBoxFile.Magic)
            return _nothing;
        if (BitConverter.ToInt32(bytes, BlackBoxFile.StateAt) == BlackBoxFile.Clean)
            return _nothing;
        var cells = Enumerable.Range(0, BlackBoxFile.Cells)
            .Select(index => BitConverter.ToInt32(bytes, BlackBoxFile.CellsAt + (index * BlackBoxFile.CellBytes)))
            .ToList();
        var running = Suspects(bytes, cells.Where(cell => cell > 0));
        return new LastRun(IsClean: false, running.Count > 0 ? running : Suspects(bytes, cells.Where(cell => cell < 0).Select(cell => -cell)), Ends(bytes));
    }

    private static List<NotedPlugin> Suspects(byte[] bytes, IEnumerable<int> numbers) =>
        [.. numbers.Distinct().Select(number => Name(bytes, number)).OfType<NotedPlugin>()];

    private static NotedPlugin? Name(byte[] bytes, int number)
    {
        if (number is < 1 or > BlackBoxFile.Names)
            return null;
        var entry = BlackBoxFile.NamesAt + ((number - 1) * BlackBoxFile.NameBytes);
        var length = BitConverter.ToInt32(bytes, entry);
        if (length is < 1 or > BlackBoxFile.LongestName)
            return null;
        var parts = Encoding.UTF8.GetString(bytes, entry + sizeof(int), length).Split('\t');
        return parts.Length == 2 ? new NotedPlugin(parts[0], parts[1]) : null;
    }

    private static List<DateTimeOffset> Ends(byte[] bytes) =>
        [.. Enumerable.Range(0, BlackBoxFile.MostEnds)
            .Select(index => BitConverter.ToInt64(bytes, BlackBoxFile.EndsAt + (index * sizeof(long))))
            .Where(ticks => ticks > 0 && ticks <= DateTime.MaxValue.Ticks)
            .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero))];
}
