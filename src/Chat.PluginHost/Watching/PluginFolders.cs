namespace Chat.PluginHost.Watching;

/// <summary>The folders that plugins come from, taken together. One caller at a time.</summary>
internal sealed class PluginFolders(
    string folder, string? bundledFolder, bool followsAllLinks, Action<string, string?> reportProblem, ILogger logger)
{
    private IReadOnlyList<string> _misplaced = [];

    /// <summary>Their paths, the drop folder first.</summary>
    public IReadOnlyList<string> All => bundledFolder is null ? [folder] : [folder, bundledFolder];

    /// <summary>The plugins of all folders, scripts first; of two with the same id, the one in the drop folder. Reports
    /// what looks like a plugin but is none.</summary>
    public IReadOnlyList<PluginSource> Scan()
    {
        var (sources, problems) = Look();
        foreach (var problem in problems)
        {
            if (!_misplaced.Contains(problem.Where))
                PluginLog.NotLoaded(logger, problem.ToString());
            reportProblem(Misplaced(problem.Where), problem.ToString());
        }

        List<string> misplaced = [.. problems.Select(problem => problem.Where)];
        foreach (var mended in _misplaced.Except(misplaced))
            reportProblem(Misplaced(mended), null);
        _misplaced = misplaced;
        return sources;
    }

    /// <summary>The same plugins, without reporting anything.</summary>
    public IReadOnlyList<PluginSource> Peek() => Look().Sources;

    /// <summary>Warns about folders that everyone may write to.</summary>
    public void CheckModes()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var each in All.Where(Directory.Exists))
        {
            if (File.GetUnixFileMode(each).HasFlag(UnixFileMode.OtherWrite))
                PluginLog.WorldWritable(logger, each);
        }
    }

    /// <summary>The key of a misplaced file's problem, which is never a plugin's id.</summary>
    private static string Misplaced(string file) => $"{file}/";

    private (IReadOnlyList<PluginSource> Sources, IReadOnlyList<LoadProblem> Problems) Look()
    {
        var sources = new Dictionary<string, PluginSource>(StringComparer.OrdinalIgnoreCase);
        List<LoadProblem> problems = [];
        foreach (var each in All)
        {
            var (found, wrong) = PluginScanner.Scan(each, folder, followsAllLinks);
            foreach (var source in found)
                sources.TryAdd(source.Id, source);
            problems.AddRange(wrong);
        }

        // Scripts first: a DLL that a script references need not be a plugin.
        return ([.. sources.Values.OrderByDescending(source => source.Kind)], problems);
    }
}
