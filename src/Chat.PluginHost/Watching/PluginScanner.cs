using System.Globalization;

namespace Chat.PluginHost.Watching;

/// <summary>
/// Finds the plugins in a folder: <c>Foo.dll</c>, <c>Foo/Foo.dll</c> with what lies around it, and <c>10-foo.csx</c>. Files that
/// begin with <c>_</c> or <c>.</c> are no plugins of their own (scripts load them); links are not followed.
/// </summary>
internal static class PluginScanner
{
    /// <summary>The contract's file, which plugins often bring along and which is always the host's.</summary>
    public const string ContractFile = "Chat.Abstractions.dll";

    private const int DefaultOrder = 100;

    private static readonly EnumerationOptions _here = new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System, IgnoreInaccessible = true };
    private static readonly EnumerationOptions _below = new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System, IgnoreInaccessible = true, RecurseSubdirectories = true, MaxRecursionDepth = 8 };

    /// <summary>Looks through a folder.</summary>
    /// <param name="folder">The folder; may be missing.</param>
    /// <param name="settingsFolder">Where settings files go before those beside the plugin.</param>
    /// <returns>The units by id, and sentences about what looks like a plugin but is none.</returns>
    public static (IReadOnlyList<PluginUnit> Units, IReadOnlyList<(string Source, string Problem)> Problems) Scan(string folder, string settingsFolder)
    {
        var units = new Dictionary<string, PluginUnit>(StringComparer.OrdinalIgnoreCase);
        List<(string, string)> problems = [];
        if (!Directory.Exists(folder))
            return ([], []);

        foreach (var file in Directory.EnumerateFiles(folder, "*", _here).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(file);
            if (name[0] is '_' or '.' || string.Equals(name, ContractFile, StringComparison.OrdinalIgnoreCase))
                continue;
            if (name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                Add(DllUnit(Path.GetFileNameWithoutExtension(file), file, folder, _here, settingsFolder, $"{Path.GetFileNameWithoutExtension(file)}.*"));
            else if (name.EndsWith(".csx", StringComparison.OrdinalIgnoreCase))
                Add(ScriptUnit(file, folder, settingsFolder));
        }

        foreach (var child in Directory.EnumerateDirectories(folder, "*", _here).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(child);
            if (name[0] is '_' or '.')
                continue;
            var main = Path.Combine(child, $"{name}.dll");
            if (File.Exists(main) && IsRegular(main))
                Add(DllUnit(name, main, child, _below, settingsFolder, "*"));
            else if (Directory.EnumerateFiles(child, "*.dll", _here).Any())
                problems.Add((name, $"{name}: this folder has no {name}.dll. A plugin's folder is named after its DLL; a folder that is no plugin begins with '_'."));
        }

        return ([.. units.Values.OrderBy(unit => unit.Order).ThenBy(unit => unit.Id, StringComparer.OrdinalIgnoreCase)], problems);

        void Add(PluginUnit unit)
        {
            if (!units.TryAdd(unit.Id, unit))
                problems.Add((unit.Source, $"{Path.GetRelativePath(folder, unit.MainFile)}: the id '{unit.Id}' is taken by {Path.GetRelativePath(folder, units[unit.Id].MainFile)}. Rename one of them."));
        }
    }

    private static PluginUnit DllUnit(string id, string main, string root, EnumerationOptions depth, string settingsFolder, string pattern)
    {
        var settings = SettingsFile(id, root, settingsFolder);
        var files = Directory.EnumerateFiles(root, pattern, depth).Where(IsRegular).ToList();
        return new PluginUnit(id, DefaultOrder, PluginKind.Dll, main, root, WithSettings(files, settings), settings);
    }

    private static PluginUnit ScriptUnit(string file, string folder, string settingsFolder)
    {
        var id = Path.GetFileNameWithoutExtension(file);
        var order = DefaultOrder;
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && dash < id.Length - 1 && int.TryParse(id.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix))
        {
            order = prefix;
            id = id[(dash + 1)..];
        }

        var settings = SettingsFile(id, folder, settingsFolder);
        return new PluginUnit(id, order, PluginKind.Script, file, folder, WithSettings([file], settings), settings);
    }

    private static string? SettingsFile(string id, string beside, string settingsFolder)
    {
        string[] places = [Path.Combine(settingsFolder, $"{id}.json"), Path.Combine(settingsFolder, id, $"{id}.json"), Path.Combine(beside, $"{id}.json")];
        return places.FirstOrDefault(File.Exists);
    }

    private static List<string> WithSettings(List<string> files, string? settings)
    {
        if (settings is not null && !files.Contains(settings))
            files.Add(settings);
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>Neither a link nor a device. A pipe looks like an empty file, which is never opened.</summary>
    private static bool IsRegular(string file) =>
        (File.GetAttributes(file) & (FileAttributes.Device | FileAttributes.Directory)) == 0 && new FileInfo(file) is { LinkTarget: null };
}
