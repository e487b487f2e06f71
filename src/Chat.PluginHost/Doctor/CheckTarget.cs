using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Doctor;

/// <summary>What a path stands for: one plugin, or all of a drop folder.</summary>
/// <param name="Units">The plugins to check.</param>
/// <param name="Findings">What is wrong before any plugin is looked into.</param>
internal sealed record CheckTarget(IReadOnlyList<PluginSource> Units, IReadOnlyList<Finding> Findings)
{
    private static readonly EnumerationOptions _here = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Finds what is at a path.</summary>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    public static CheckTarget At(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!File.Exists(full) && !Directory.Exists(full) && new FileInfo(full).LinkTarget is null)
            throw new FileNotFoundException($"There is no file or folder {path}.", path);
        var name = Path.GetFileName(full);
        if (new FileInfo(full).LinkTarget is not null)
            return new CheckTarget([], [LinksCheck.Describe(full, name) with { Severity = FindingSeverity.Error }]);
        if (Directory.Exists(full))
            return File.Exists(Path.Combine(full, $"{name}.dll")) ? One(Path.GetDirectoryName(full)!, Path.Combine(full, $"{name}.dll")) : All(full);
        if (!IsPlugin(name))
            return Refused(name, "this is no plugin.", "A plugin is a DLL, a folder with a DLL of its name, or a .csx script.");
        var folder = Path.GetDirectoryName(full)!;
        return string.Equals(Path.GetFileName(folder), Path.GetFileNameWithoutExtension(name), StringComparison.OrdinalIgnoreCase) && name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? One(Path.GetDirectoryName(folder)!, full)
            : One(folder, full);
    }

    private static CheckTarget One(string folder, string main)
    {
        var (units, problems) = PluginScanner.Scan(folder, folder);
        var name = Path.GetFileName(main);
        if (units.FirstOrDefault(unit => unit.MainFile == main) is not { } found)
        {
            return problems.Select(problem => problem.Problem).FirstOrDefault(problem => problem.StartsWith($"{Path.GetRelativePath(folder, main)}: ", StringComparison.Ordinal)) is { } problem
                ? new CheckTarget([], [Finding.Refusal(problem, "Rename it.")])
                : Refused(name, "it is left alone: its name, or its folder's, begins with '_' or '.', or it is the contract, which is the host's own.", "Give it another name, if it is to be a plugin.");
        }

        var rivals = problems.Where(problem => problem.Problem.Contains($"the id '{found.Id}' is taken", StringComparison.OrdinalIgnoreCase));
        return new CheckTarget([found], [.. rivals.Select(problem => Finding.Refusal(problem.Problem, "Rename one of them."))]);
    }

    private static CheckTarget All(string folder)
    {
        var (units, problems) = PluginScanner.Scan(folder, folder);
        List<Finding> findings = [.. problems.Select(problem => Finding.Refusal(problem.Problem, "Rename one of them."))];
        findings.AddRange(Directory.EnumerateFileSystemEntries(folder, "*", _here)
            .Where(entry => new FileInfo(entry).LinkTarget is not null && (IsPlugin(Path.GetFileName(entry)) || Directory.Exists(entry)))
            .Order(StringComparer.Ordinal)
            .Select(link => LinksCheck.Describe(link, Path.GetFileName(link))));
        if (units.Count == 0 && findings.Count == 0)
            findings.Add(new Finding(FindingSeverity.Warning, Path.GetFileName(folder), "there is no plugin in this folder.", $"A plugin is a DLL, a folder with a DLL of its name (this one has no {Path.GetFileName(folder)}.dll), or a .csx script."));
        return new CheckTarget(units, findings);
    }

    private static CheckTarget Refused(string where, string problem, string fix) => new([], [Finding.Fatal(where, problem, fix)]);

    private static bool IsPlugin(string name) => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".csx", StringComparison.OrdinalIgnoreCase);
}
