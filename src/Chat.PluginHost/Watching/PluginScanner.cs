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

    /// <summary>How many files a plugin may have, and how large each may be.</summary>
    public const int MaxFiles = 4096, MaxFileMebibytes = 64;

    private const int DefaultOrder = 100, MaxScriptKibibytes = 512;

    private static readonly EnumerationOptions _here = new() { AttributesToSkip = FileAttributes.System, IgnoreInaccessible = true };
    private static readonly EnumerationOptions _below = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System | FileAttributes.Device,
        IgnoreInaccessible = true,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 8,
    };

    /// <summary>What editors and downloads leave beside a file while they write it.</summary>
    private static readonly string[] _passing = ["~", ".tmp", ".part", ".filepart", ".swp", ".swx"];

    private static readonly StringComparer _fileNames = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>Looks through a folder.</summary>
    /// <param name="folder">The folder; may be missing.</param>
    /// <param name="settingsFolder">Where settings files go before those beside the plugin.</param>
    /// <returns>The units by id, and sentences about what looks like a plugin but is none.</returns>
    public static (IReadOnlyList<PluginSource> Units, IReadOnlyList<(string Source, string Problem)> Problems) Scan(string folder, string settingsFolder)
    {
        var units = new Dictionary<string, PluginSource>(StringComparer.OrdinalIgnoreCase);
        List<(string, string)> problems = [];
        if (!Directory.Exists(folder))
            return ([], []);

        if (File.Exists(Path.Combine(folder, ContractFile)))
            problems.Add((ContractFile, $"{ContractFile}: this copy of the contract is ignored, because the contract is always the host's. Delete it, and copy a plugin's own files alone."));
        var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos("*", _here)
            .Where(entry => entry.Name[0] is not ('_' or '.') && !string.Equals(entry.Name, ContractFile, StringComparison.OrdinalIgnoreCase))
            .OrderBy(entry => entry is DirectoryInfo).ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .ToList();
        var families = Families(entries);
        foreach (var entry in entries)
        {
            if (entry.LinkTarget is not null)
                AddLink(entry);
            else if (entry is DirectoryInfo)
                AddFolder(entry);
            else if (HasExtension(entry, ".dll"))
                Add(DllUnit(IdOf(entry), entry.FullName, folder, families[IdOf(entry)], settingsFolder));
            else if (HasExtension(entry, ".csx"))
                Add(ScriptUnit(entry, folder, settingsFolder));
        }

        return ([.. units.Values.OrderBy(unit => unit.Order).ThenBy(unit => unit.Id, StringComparer.OrdinalIgnoreCase)], problems);

        void Add(PluginSource unit)
        {
            if (PluginName.Problem(unit.Id) is { } problem)
                problems.Add((PluginName.Show(unit.Source), $"{PluginName.Show(unit.Source)}: {problem}. Rename it."));
            else if (!units.TryAdd(unit.Id, unit))
                problems.Add((unit.Source, $"{Path.GetRelativePath(folder, unit.MainFile)}: the id '{unit.Id}' is taken by {Path.GetRelativePath(folder, units[unit.Id].MainFile)}. Rename one of them."));
        }

        void AddLink(FileSystemInfo link)
        {
            if (link is DirectoryInfo || HasExtension(link, ".dll") || HasExtension(link, ".csx"))
                problems.Add((link.Name, $"{PluginName.Show(link.Name)}: this is a link, and links are not followed. Copy what it leads to into the plugin folder."));
        }

        void AddFolder(FileSystemInfo child)
        {
            var main = Path.Combine(child.FullName, $"{child.Name}.dll");
            if (File.Exists(main) && IsRegular(main))
                Add(DllUnit(child.Name, main, child.FullName, Directory.EnumerateFiles(child.FullName, "*", _below).Take(MaxFiles + 1), settingsFolder));
            else if (Directory.EnumerateFiles(child.FullName, "*.dll", _here).Any())
                problems.Add((child.Name, $"{PluginName.Show(child.Name)}: this folder has no {PluginName.Show(child.Name)}.dll. A plugin's folder is named after its DLL; a folder that is no plugin begins with '_'."));
            else if (Directory.EnumerateFiles(child.FullName, "*.dll", _below).FirstOrDefault(file => Path.GetFileName(file).Equals($"{child.Name}.dll", StringComparison.OrdinalIgnoreCase)) is { } deeper)
                problems.Add((child.Name, $"{PluginName.Show(child.Name)}: its DLL lies too deep, in {PluginName.Show(Path.GetRelativePath(child.FullName, deeper))}. Move what is in that folder up into {PluginName.Show(child.Name)}."));
            else if (Directory.EnumerateFiles(child.FullName, "*.csx", _here).FirstOrDefault() is { } script)
                problems.Add((child.Name, $"{PluginName.Show(child.Name)}: scripts in folders are not run. Move {PluginName.Show(Path.GetFileName(script))} into the plugin folder itself; a folder that is no plugin begins with '_'."));
        }
    }

    private static bool HasExtension(FileSystemInfo entry, string extension) => entry.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static string IdOf(FileSystemInfo entry) => Path.GetFileNameWithoutExtension(entry.Name);

    /// <summary>The files by what their names begin with: <c>Foo.deps.json</c> is of <c>Foo</c>, and of <c>Foo.deps</c>.</summary>
    private static ILookup<string, string> Families(List<FileSystemInfo> entries) => entries
        .OfType<FileInfo>()
        .Where(file => (file.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Device)) == 0)
        .SelectMany(file => Enumerable.Range(0, file.Name.Length).Where(at => file.Name[at] == '.').Select(dot => (Family: file.Name[..dot], file.FullName)))
        .ToLookup(pair => pair.Family, pair => pair.FullName, _fileNames);

    private static PluginSource DllUnit(string id, string main, string root, IEnumerable<string> all, string settingsFolder)
    {
        var settings = SettingsFile(id, root, settingsFolder);
        var files = WithSettings([.. all.Where(file => !IsPassing(file))], settings);
        return new PluginSource(id, DefaultOrder, PluginKind.Dll, main, root, files, settings) { Problem = ProblemWith(main, files) };
    }

    private static PluginSource ScriptUnit(FileSystemInfo file, string folder, string settingsFolder)
    {
        var id = IdOf(file);
        var order = DefaultOrder;
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0 && dash < id.Length - 1 && int.TryParse(id.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix))
        {
            order = prefix;
            id = id[(dash + 1)..];
        }

        var settings = SettingsFile(id, folder, settingsFolder);
        var files = WithSettings([file.FullName], settings);
        return new PluginSource(id, order, PluginKind.Script, file.FullName, folder, files, settings) { Problem = ProblemWith(file.FullName, files) ?? ProblemWithScript(file) };
    }

    private static string? ProblemWith(string main, List<string> files)
    {
        if (files.Count > MaxFiles)
            return $"{Path.GetFileName(main)}: its folder has more than {MaxFiles} files, which is as many as a plugin may have. Keep its data elsewhere.";
        var large = files.Find(file => new FileInfo(file) is { Exists: true, Length: > MaxFileMebibytes * 1024L * 1024 });
        return large is null
            ? null
            : $"{Path.GetFileName(main)}: {PluginName.Show(Path.GetFileName(large))} is larger than {MaxFileMebibytes} MiB, which is as much as a plugin's file may have. Keep its data elsewhere.";
    }

    private static string? ProblemWithScript(FileSystemInfo script) => script is FileInfo { Length: > MaxScriptKibibytes * 1024 }
        ? $"{PluginName.Show(script.Name)}: it is larger than {MaxScriptKibibytes} KiB, which is as much as a script may have. Put its data into files of their own, or make a DLL of it."
        : null;

    private static bool IsPassing(string file) => Array.Exists(_passing, end => file.EndsWith(end, StringComparison.OrdinalIgnoreCase));

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
