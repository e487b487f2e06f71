using System.IO.Enumeration;

namespace Chat.PluginHost.Watching;

/// <summary>Finds the plugins in a folder: <c>Foo.dll</c>, <c>Foo/Foo.dll</c> with the files around it, and
/// <c>10-foo.csx</c>. Files that begin with <c>_</c> or <c>.</c> are not plugins (scripts load them). A link is
/// followed if it leads to a place inside the folder; others only on request. An entry that cannot be read is reported
/// and does not affect the others.</summary>
internal sealed class PluginScanner
{
    /// <summary>The file name of the contract, which plugins often bring along. The host always uses its own.</summary>
    public const string ContractFile = "Chat.Abstractions.dll";

    /// <summary>How many files a plugin may have, and how large each may be.</summary>
    public const int MaxFiles = PluginSourceReader.MaxFiles, MaxFileMebibytes = PluginSourceReader.MaxFileMebibytes;

    private const string NoPlugin = "a folder that is no plugin begins with '_'";

    /// <summary>What .NET shows for bytes that are not UTF-8. No system call finds a file by such a name.</summary>
    private const char NotUtf8 = '\uFFFD';

    private static readonly EnumerationOptions _here = new()
    {
        AttributesToSkip = FileAttributes.System,
        IgnoreInaccessible = true,
    };

    private static readonly EnumerationOptions _below = new()
    {
        AttributesToSkip = FileAttributes.System | FileAttributes.Device,
        IgnoreInaccessible = true,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 8,
    };

    private static readonly StringComparer _fileNames =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private readonly string _folder;
    private readonly string _realFolder;
    private readonly bool _followsAllLinks;
    private readonly PluginSourceReader _reader;
    private readonly Dictionary<string, PluginSource> _sources = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<LoadProblem> _problems = [];

    private PluginScanner(string folder, string settingsFolder, bool followsAllLinks)
    {
        _folder = folder;
        _realFolder = FileLinks.RealPath(Path.GetFullPath(folder)) ?? folder;
        _followsAllLinks = followsAllLinks;
        _reader = new PluginSourceReader(settingsFolder);
    }

    /// <summary>Scans a folder.</summary>
    /// <returns>The plugins in their order, and messages about what looks like a plugin but is none.</returns>
    public static (IReadOnlyList<PluginSource> Sources, IReadOnlyList<LoadProblem> Problems) Scan(
        string folder, string settingsFolder, bool followsAllLinks = false) =>
        Directory.Exists(folder) ? new PluginScanner(folder, settingsFolder, followsAllLinks).Scan() : ([], []);

    /// <summary>The links in a plugin's own folder that are not followed, with the reasons.</summary>
    public static IEnumerable<LoadProblem> LinksNotFollowed(PluginSource plugin)
    {
        var own = Path.Combine(plugin.Root, $"{plugin.Id}.dll");
        if (plugin.MainFile != own || Path.GetFileName(plugin.Root) != plugin.Id)
            return [];
        var links = new FileSystemEnumerable<string>(plugin.Root, (ref entry) => entry.ToFullPath(), _below)
        {
            ShouldIncludePredicate = (ref entry) => IsLink(ref entry) && !entry.FileName.StartsWith(".."),
            ShouldRecursePredicate = (ref entry) => !IsLink(ref entry) && !entry.FileName.StartsWith(".."),
        };
        return links.Except(plugin.Files).Order(StringComparer.Ordinal).Select(Describe);

        LoadProblem Describe(string link)
        {
            var (where, target) = (plugin.Shorten(link), new FileInfo(link).LinkTarget!);
            return Directory.Exists(link)
                ? new LoadProblem(
                    where, $"this is a link to the folder {target}, which is not followed inside a plugin's folder.",
                    "Put what it points to in its place.")
                : DescribeLink(where, link, target);
        }
    }

    private (IReadOnlyList<PluginSource> Sources, IReadOnlyList<LoadProblem> Problems) Scan()
    {
        if (File.Exists(Path.Combine(_folder, ContractFile)))
        {
            _problems.Add(new LoadProblem(
                ContractFile, "this copy of the contract is ignored, because the host always uses its own.",
                "Delete it, and copy only a plugin's own files."));
        }

        var entries = new DirectoryInfo(_folder).EnumerateFileSystemInfos("*", _here)
            .Where(entry => entry.Name[0] is not ('_' or '.') && !IsContract(entry.Name))
            .OrderBy(entry => entry is DirectoryInfo).ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .ToList();
        var families = Families(entries);
        foreach (var entry in entries)
        {
            try
            {
                Add(entry, families);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                AddUnreadable(entry, exception.Message);
            }
        }

        var ordered = _sources.Values
            .OrderBy(source => source.Order)
            .ThenBy(source => source.Id, StringComparer.OrdinalIgnoreCase);
        return ([.. ordered], _problems);
    }

    private void Add(FileSystemInfo entry, ILookup<string, string> families)
    {
        var isScript = HasExtension(entry, ".csx");
        var isDll = HasExtension(entry, ".dll");
        if (entry is not DirectoryInfo && !isScript && !isDll)
            return;
        if (entry.Name.Contains(NotUtf8, StringComparison.Ordinal) && !Path.Exists(entry.FullName))
            AddProblem(entry, "its name is not valid UTF-8, so it cannot be opened.", "Rename it.");
        else if (entry.LinkTarget is { } target && !IsFollowed(entry.FullName))
            _problems.Add(DescribeLink(PluginName.Show(entry.Name), entry.FullName, target));
        else if (entry is DirectoryInfo)
            AddFolder(entry);
        else if (isDll)
            Add(_reader.Dll(entry.FullName, _folder, families[IdOf(entry)]));
        else
            Add(_reader.Script(entry.FullName, _folder));
    }

    private void Add(PluginSource source)
    {
        var file = PluginName.Show(source.Source);
        if (PluginName.Problem(source.Id) is { } problem)
            _problems.Add(new LoadProblem(file, $"{problem}.", "Rename it."));
        else if (!_sources.TryAdd(source.Id, source))
        {
            var what = $"the id '{source.Id}' is taken by {Relative(_sources[source.Id])}.";
            _problems.Add(new LoadProblem(Relative(source), what, "Rename one of them.") { TakenId = source.Id });
        }

        string Relative(PluginSource each) => Path.GetRelativePath(_folder, each.MainFile);
    }

    private void AddFolder(FileSystemInfo child)
    {
        var name = PluginName.Show(child.Name);
        var main = Path.Combine(child.FullName, $"{child.Name}.dll");
        if (File.Exists(main) && IsRegular(main))
            Add(_reader.Dll(main, child.FullName, FilesBelow(child.FullName).Take(MaxFiles + 1)));
        else if (Directory.EnumerateFiles(child.FullName, "*.dll", _here).Any())
            AddProblem(
                child, $"this folder has no {name}.dll.", $"A plugin's folder is named after its DLL; {NoPlugin}.");
        else if (FilesBelow(child.FullName).FirstOrDefault(file => IsMain(file, child)) is { } deeper)
        {
            AddProblem(
                child, $"its DLL lies too deep, in {Shown(deeper)}.", $"Move what is in that folder up into {name}.");
        }
        else if (Directory.EnumerateFiles(child.FullName, "*.csx", _here).FirstOrDefault() is { } script)
        {
            AddProblem(
                child, "scripts in folders are not run.",
                $"Move {Shown(script)} into the plugin folder itself; {NoPlugin}.");
        }

        string Shown(string file) => PluginName.Show(Path.GetRelativePath(child.FullName, file));
    }

    private void AddProblem(FileSystemInfo entry, string problem, string fix) =>
        _problems.Add(new LoadProblem(PluginName.Show(entry.Name), problem, fix));

    /// <summary>It still counts as there, so a version that runs is not removed.</summary>
    private void AddUnreadable(FileSystemInfo entry, string reason)
    {
        if (!Path.Exists(entry.FullName))
            return;
        var main = entry is DirectoryInfo ? Path.Combine(entry.FullName, $"{entry.Name}.dll") : entry.FullName;
        Add(PluginSourceReader.Unreadable(main, entry is DirectoryInfo ? entry.FullName : _folder, reason));
    }

    private static LoadProblem DescribeLink(string where, string link, string target) =>
        FileLinks.RealPath(link) is null
            ? new LoadProblem(where, $"this is a link to {target}, which does not exist.")
            : new LoadProblem(
                where, $"this is a link to {target}, which is not inside the plugin folder, so it is not followed.",
                "Copy the target into the plugin folder, or allow such links (AllowOutsideLinks).");

    public static bool IsContract(string file) =>
        Path.GetFileName(file).Equals(ContractFile, StringComparison.OrdinalIgnoreCase);

    private static bool HasExtension(FileSystemInfo entry, string extension) =>
        entry.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static string IdOf(FileSystemInfo entry) => Path.GetFileNameWithoutExtension(entry.Name);

    private static bool IsMain(string file, FileSystemInfo folder) =>
        Path.GetFileName(file).Equals($"{folder.Name}.dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>Files by how their names begin: <c>Foo.deps.json</c> is of <c>Foo</c> and of <c>Foo.deps</c>.</summary>
    private ILookup<string, string> Families(List<FileSystemInfo> entries) => entries
        .OfType<FileInfo>()
        .Where(file => (file.Attributes & FileAttributes.Device) == 0)
        .Where(file => file.LinkTarget is null || IsFollowed(file.FullName))
        .SelectMany(file => Enumerable.Range(0, file.Name.Length)
            .Where(at => file.Name[at] == '.')
            .Select(dot => (Family: file.Name[..dot], file.FullName)))
        .ToLookup(pair => pair.Family, pair => pair.FullName, _fileNames);

    /// <summary>The files of a plugin's folder. Folders in <c>..</c> hold what Kubernetes' links lead to.</summary>
    private FileSystemEnumerable<string> FilesBelow(string folder) => new(
        folder, (ref entry) => entry.ToFullPath(), _below)
    {
        ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && (IsLink(ref entry)
            ? IsFollowed(entry.ToFullPath())
            : !entry.FileName.Contains(NotUtf8) || File.Exists(entry.ToFullPath())),
        ShouldRecursePredicate = (ref entry) =>
            !IsLink(ref entry) && !entry.FileName.StartsWith("..") && !entry.FileName.Contains(NotUtf8),
    };

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private bool IsFollowed(string link) => FileLinks.RealPath(link) is { } real
        && (_followsAllLinks || real.StartsWith(_realFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>Whether it is a file, or a link that is followed to one, and no device. A pipe looks like an empty
    /// file, which is never opened.</summary>
    private bool IsRegular(string file)
    {
        var isLink = new FileInfo(file).LinkTarget is not null;
        const FileAttributes Others = FileAttributes.Device | FileAttributes.Directory;
        return (!isLink || IsFollowed(file)) && (FileLinks.Follow(file).Attributes & Others) == 0;
    }
}
