namespace Chat.PluginHost.Doctor;

/// <summary>What a path stands for: one plugin, or all plugins of a drop folder.</summary>
/// <param name="Units">The plugins to check.</param>
/// <param name="Findings">What is wrong before any plugin is looked into.</param>
internal sealed record CheckTarget(IReadOnlyList<PluginSource> Units, IReadOnlyList<Finding> Findings)
{
    private const string Rename = "Rename one of them.";
    private const string Kinds = "A plugin is a .csx script, a DLL, or a folder with a DLL of the same name";

    private static readonly EnumerationOptions _here = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Finds what is at a path.</summary>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    public static CheckTarget At(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var (name, folder) = (Path.GetFileName(full), Path.GetDirectoryName(full)!);
        if (new FileInfo(full).LinkTarget is not null)
        {
            var link = AccessChecks.DescribeLink(full, name);
            return new CheckTarget([], [link with { Severity = FindingSeverity.Error }]);
        }

        if (Directory.Exists(full))
            return Path.Combine(full, $"{name}.dll") is var main && File.Exists(main) ? One(folder, main) : All(full);
        if (!File.Exists(full))
            throw new FileNotFoundException($"There is no file or folder {path}.", path);
        if (!IsPlugin(name))
        {
            return Refused(name, "this is no plugin.", $"{Kinds}.");
        }

        var isInOwnFolder = $"{Path.GetFileName(folder)}.dll".Equals(name, StringComparison.OrdinalIgnoreCase);
        return One(isInOwnFolder ? Path.GetDirectoryName(folder)! : folder, full);
    }

    private static CheckTarget One(string folder, string main)
    {
        var (units, problems) = PluginScanner.Scan(folder, folder);
        var name = Path.GetFileName(main);
        if (units.FirstOrDefault(unit => unit.MainFile == main) is { } found)
        {
            var rivals = problems.Where(problem => MayHaveId(problem.Source, found.Id));
            return new CheckTarget([found], [.. rivals.Select(rival => Finding.Refusal(rival.Problem, Rename))]);
        }

        var own = problems.Where(problem => problem.Source == PluginName.Show(name)).ToList();
        return own.Count > 0
            ? new CheckTarget([], [Finding.Refusal(own[0].Problem, "Rename it.")])
            : Refused(
                name,
                "it is ignored: its name, or its folder's, begins with '_' or '.', "
                + "or it is the contract, which is the host's own.",
                "If it is meant to be a plugin, give it another name.");
    }

    private static CheckTarget All(string folder)
    {
        var (units, problems) = PluginScanner.Scan(folder, folder);
        List<Finding> findings = [.. problems.Select(problem => Finding.Refusal(problem.Problem, Rename))];
        findings.AddRange(Directory.EnumerateFileSystemEntries(folder, "*", _here)
            .Where(entry => new FileInfo(entry).LinkTarget is not null)
            .Where(entry => IsPlugin(Path.GetFileName(entry)) || Directory.Exists(entry))
            .Order(StringComparer.Ordinal)
            .Select(link => AccessChecks.DescribeLink(link, Path.GetFileName(link))));
        if (units.Count == 0 && !findings.Exists(finding => finding.Severity == FindingSeverity.Error))
        {
            var name = Path.GetFileName(folder);
            findings.Add(Finding.Fatal(
                name,
                "there is no plugin in this folder, so there is nothing to check.",
                $"{Kinds} (this one has no {name}.dll)."));
        }

        return new CheckTarget(units, findings);
    }

    private static CheckTarget Refused(string where, string problem, string fix) =>
        new([], [Finding.Fatal(where, problem, fix)]);

    /// <summary>Whether a file name stands for a plugin id: it may have an order in front, as <c>10-foo.csx</c>
    /// has.</summary>
    private static bool MayHaveId(string source, string id)
    {
        var name = Path.GetFileNameWithoutExtension(source);
        return name.Equals(id, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith($"-{id}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsPlugin(string name) =>
        Path.GetExtension(name).ToLowerInvariant() is ".dll" or ".csx";
}
