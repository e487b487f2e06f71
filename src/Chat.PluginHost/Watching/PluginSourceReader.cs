using System.Globalization;

namespace Chat.PluginHost.Watching;

/// <summary>Finds out what belongs to a plugin, and whether its files are within the limits.</summary>
/// <param name="settingsFolder">The folder whose settings files take precedence over those beside the plugin.</param>
internal sealed class PluginSourceReader(string settingsFolder)
{
    /// <summary>How many files a plugin may have, and how large each may be.</summary>
    public const int MaxFiles = 4096, MaxFileMebibytes = 64;

    private const int DefaultOrder = 100, MaxScriptKibibytes = 512;

    /// <summary>What editors and downloads leave beside a file while they write it.</summary>
    private static readonly string[] _temporary = ["~", ".tmp", ".part", ".filepart", ".swp", ".swx"];

    /// <summary>A plugin that is a DLL.</summary>
    public PluginSource Dll(string main, string root, IEnumerable<string> all) => Read(
        Path.GetFileNameWithoutExtension(main), DefaultOrder, PluginKind.Dll, main, root,
        all.Where(file => !Array.Exists(_temporary, end => file.EndsWith(end, StringComparison.OrdinalIgnoreCase))));

    /// <summary>A plugin that is a script, a file by its absolute path.</summary>
    public PluginSource Script(string file, string folder)
    {
        var (id, order) = NameOf(file);
        return Read(id, order, PluginKind.Script, file, folder, [file]);
    }

    /// <summary>A plugin whose files cannot be looked at now, for a reason given as a sentence.</summary>
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

    /// <summary>Takes the id, and the order if there is one, from a name such as <c>10-foo.csx</c>.</summary>
    private static (string Id, int Order) NameOf(string script)
    {
        var name = Path.GetFileNameWithoutExtension(script);
        return name.Split('-', 2) is [var number, { Length: > 0 } id]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var order)
            ? (id, order)
            : (name, DefaultOrder);
    }

    private PluginSource Read(string id, int order, PluginKind kind, string main, string root, IEnumerable<string> own)
    {
        string[] folders = [settingsFolder, Path.Combine(settingsFolder, id), root];
        var settings = folders.Select(folder => Path.Combine(folder, $"{id}.json")).FirstOrDefault(File.Exists);
        var files = settings is null ? own : own.Append(settings);
        var source = new PluginSource(
            id, order, kind, main, root, [.. files.Distinct().Order(StringComparer.Ordinal)], settings);
        return source with { Problem = ProblemWith(source) };
    }

    private static LoadProblem? ProblemWith(PluginSource plugin)
    {
        const string Elsewhere = "Keep its data elsewhere.";
        var name = PluginName.Show(plugin.Source);
        if (plugin.Files.Count > MaxFiles)
        {
            return new LoadProblem(
                name, $"its folder has more than {MaxFiles} files, which is as many as a plugin may have.", Elsewhere);
        }

        if (plugin.Files.FirstOrDefault(file => IsLarger(file, MaxFileMebibytes * 1024L)) is { } large)
        {
            return new LoadProblem(
                name, $"{PluginName.Show(Path.GetFileName(large))} is larger than {MaxFileMebibytes} MiB, "
                + "which is as much as a plugin's file may have.", Elsewhere);
        }

        return plugin.Kind == PluginKind.Script && IsLarger(plugin.MainFile, MaxScriptKibibytes)
            ? new LoadProblem(
                name, $"it is larger than {MaxScriptKibibytes} KiB, which is as much as a script may have.",
                "Put its data into separate files, or make it a DLL.")
            : null;

        static bool IsLarger(string file, long kibibytes) =>
            FileLinks.Follow(file) is { Exists: true } info && info.Length > kibibytes * 1024;
    }
}
