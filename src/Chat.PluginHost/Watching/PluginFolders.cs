using Chat.PluginHost.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Watching;

/// <summary>The folders plugins come from, as one. One caller at a time.</summary>
/// <param name="folder">The drop folder.</param>
/// <param name="bundledFolder">The folder of the application's own plugins, if any.</param>
/// <param name="reportProblem">Puts up for people what is wrong with a file, or with <see langword="null"/> takes it down.</param>
/// <param name="logger">Where problems are logged once.</param>
internal sealed class PluginFolders(string folder, string? bundledFolder, Action<string, string?> reportProblem, ILogger logger)
{
    private IReadOnlyList<string> _misplaced = [];

    /// <summary>Their paths, the drop folder first.</summary>
    public IReadOnlyList<string> All => bundledFolder is null ? [folder] : [folder, bundledFolder];

    /// <summary>The units of all folders, scripts first; of two with one id, the drop folder's. Reports what looks like a plugin and is none.</summary>
    public IReadOnlyList<PluginSource> Scan()
    {
        var (units, problems) = Look();
        List<string> misplaced = [];
        foreach (var (source, problem) in problems)
        {
            if (!_misplaced.Contains(source))
                PluginLog.NotLoaded(logger, problem);
            reportProblem(Misplaced(source), problem);
            misplaced.Add(source);
        }

        foreach (var mended in _misplaced.Except(misplaced))
            reportProblem(Misplaced(mended), null);
        _misplaced = misplaced;
        return units;
    }

    /// <summary>The same units, without any report.</summary>
    public IReadOnlyList<PluginSource> Peek() => Look().Units;

    /// <summary>Warns of a folder that everybody may write to.</summary>
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

    /// <summary>The name a misplaced file's problem goes by: never a plugin's id.</summary>
    private static string Misplaced(string source) => $"{source}/";

    private (IReadOnlyList<PluginSource> Units, IReadOnlyList<(string Source, string Problem)> Problems) Look()
    {
        var units = new Dictionary<string, PluginSource>(StringComparer.OrdinalIgnoreCase);
        List<(string, string)> problems = [];
        foreach (var each in All)
        {
            var (found, wrong) = PluginScanner.Scan(each, folder);
            foreach (var unit in found)
                units.TryAdd(unit.Id, unit);
            problems.AddRange(wrong);
        }

        // Scripts first: a DLL that one of them refers to need not be a plugin.
        return ([.. units.Values.OrderByDescending(unit => unit.Kind)], problems);
    }
}
