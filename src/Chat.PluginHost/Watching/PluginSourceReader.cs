using System.Globalization;

namespace Chat.PluginHost.Watching;

/// <summary>Finds out what belongs to a plugin, and whether its files are within the limits.</summary>
/// <param name="settingsFolder">The folder whose settings files take precedence over those beside the plugin.</param>
internal sealed class PluginSourceReader(string settingsFolder)
{
    /// <summary>How many files a plugin may have, and how large each may be.</summary>
    public const int MaxFiles = 4096, MaxFileMebibytes = 64;

    private const int DefaultOrder = 100, MaxScriptKibibytes = 512;
    private const string Elsewhere = "Keep its data elsewhere.";

    /// <summary>What editors and downloads leave beside a file while they write it.</summary>
    private static readonly string[] _temporary = ["~", ".tmp", ".part", ".filepart", ".swp", ".swx"];

    /// <summary>A plugin that is a DLL.</summary>
    /// <param name="id">The plugin's id.</param>
    /// <param name="main">The absolute path of the DLL.</param>
    /// <param name="root">The folder its files are in.</param>
    /// <param name="all">The files that belong to it, temporary ones among them.</param>
    public PluginSource Dll(string id, string main, string root, IEnumerable<string> all)
    {
        var settings = SettingsFile(id, root);
        var files = WithSettings([.. all.Where(file => !IsTemporary(file))], settings);
        return new PluginSource(id, DefaultOrder, PluginKind.Dll, main, root, files, settings)
        {
            Problem = ProblemWith(main, files),
        };
    }

    /// <summary>A plugin that is a script.</summary>
    /// <param name="file">The absolute path of the script.</param>
    /// <param name="folder">The folder it is in.</param>
    public PluginSource Script(string file, string folder)
    {
        var (id, order) = NameOf(file);
        var settings = SettingsFile(id, folder);
        var files = WithSettings([file], settings);
        return new PluginSource(id, order, PluginKind.Script, file, folder, files, settings)
        {
            Problem = ProblemWith(file, files) ?? ProblemWithScript(file),
        };
    }

    /// <summary>A plugin whose files cannot be looked at now.</summary>
    /// <param name="main">The absolute path of the DLL or script.</param>
    /// <param name="root">The folder its files are in.</param>
    /// <param name="reason">Why, as a sentence.</param>
    public static PluginSource Unreadable(string main, string root, string reason)
    {
        var isScript = main.EndsWith(".csx", StringComparison.OrdinalIgnoreCase);
        var (id, order) = isScript ? NameOf(main) : (Path.GetFileNameWithoutExtension(main), DefaultOrder);
        return new PluginSource(id, order, isScript ? PluginKind.Script : PluginKind.Dll, main, root, [main], null)
        {
            Problem = new LoadProblem(
                PluginName.Show(Path.GetFileName(main)), $"it cannot be read now: {reason.TrimEnd('.')}.",
                "It is tried again."),
        };
    }

    private static (string Id, int Order) NameOf(string script)
    {
        var name = Path.GetFileNameWithoutExtension(script);
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && dash < name.Length - 1
            && int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            ? (name[(dash + 1)..], order)
            : (name, DefaultOrder);
    }

    private static LoadProblem? ProblemWith(string main, List<string> files)
    {
        const long MaxBytes = MaxFileMebibytes * 1024L * 1024;
        var name = Path.GetFileName(main);
        if (files.Count > MaxFiles)
        {
            return new LoadProblem(
                name, $"its folder has more than {MaxFiles} files, which is as many as a plugin may have.", Elsewhere);
        }

        var large = files.Find(file => FileLinks.Follow(file) is { Exists: true, Length: > MaxBytes });
        return large is null
            ? null
            : new LoadProblem(
                name, $"{PluginName.Show(Path.GetFileName(large))} is larger than {MaxFileMebibytes} MiB, "
                + "which is as much as a plugin's file may have.", Elsewhere);
    }

    private static LoadProblem? ProblemWithScript(string script) =>
        FileLinks.Follow(script) is { Exists: true, Length: > MaxScriptKibibytes * 1024 }
            ? new LoadProblem(
                PluginName.Show(Path.GetFileName(script)),
                $"it is larger than {MaxScriptKibibytes} KiB, which is as much as a script may have.",
                "Put its data into separate files, or make it a DLL.")
            : null;

    private static bool IsTemporary(string file) =>
        Array.Exists(_temporary, end => file.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private string? SettingsFile(string id, string beside)
    {
        var name = $"{id}.json";
        string[] folders = [settingsFolder, Path.Combine(settingsFolder, id), beside];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static List<string> WithSettings(List<string> files, string? settings)
    {
        if (settings is not null && !files.Contains(settings))
            files.Add(settings);
        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
