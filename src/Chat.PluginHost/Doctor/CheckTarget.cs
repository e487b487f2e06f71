namespace Chat.PluginHost.Doctor;

/// <summary>What a path stands for: one plugin, or all plugins of a drop folder.</summary>
internal sealed record CheckTarget(IReadOnlyList<PluginSource> Plugins, IReadOnlyList<LoadProblem> Problems)
{
    private const string Kinds = "A plugin is a .csx script, a DLL, or a folder with a DLL of the same name";

    /// <summary>Finds what is at a path.</summary>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    public static CheckTarget At(string path, bool followsAllLinks)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var (name, folder) = (Path.GetFileName(full), Path.GetDirectoryName(full)!);
        if (Directory.Exists(full))
        {
            return File.Exists(Path.Combine(full, $"{name}.dll"))
                ? One(folder, Path.Combine(full, $"{name}.dll"), name, followsAllLinks)
                : All(full, followsAllLinks);
        }

        if (!File.Exists(full) && new FileInfo(full).LinkTarget is null)
            throw new FileNotFoundException($"There is no file or folder {path}.", path);
        if (Path.GetExtension(name).ToLowerInvariant() is not (".dll" or ".csx"))
            return new CheckTarget([], [new LoadProblem(name, "this is no plugin.", $"{Kinds}.")]);
        var isInOwnFolder = $"{Path.GetFileName(folder)}.dll".Equals(name, StringComparison.OrdinalIgnoreCase);
        return One(isInOwnFolder ? Path.GetDirectoryName(folder)! : folder, full, name, followsAllLinks);
    }

    private static CheckTarget One(string folder, string main, string entry, bool followsAllLinks)
    {
        var (plugins, problems) = PluginScanner.Scan(folder, folder, followsAllLinks);
        if (plugins.FirstOrDefault(plugin => plugin.MainFile == main) is { } found)
        {
            var rivals = problems.Where(rival => found.Id.Equals(rival.TakenId, StringComparison.OrdinalIgnoreCase));
            return new CheckTarget([found], [.. rivals]);
        }

        var own = problems.Where(each => each.Where == PluginName.Show(entry) || each.Where == Path.GetFileName(main));
        var ignored = new LoadProblem(
            Path.GetFileName(main), "it is ignored: its name, or its folder's, begins with '_' or '.', "
            + "or it is the contract, which is the host's own.",
            "If it is meant to be a plugin, give it another name.");
        return new CheckTarget([], [own.FirstOrDefault(ignored)]);
    }

    private static CheckTarget All(string folder, bool followsAllLinks)
    {
        var (plugins, problems) = PluginScanner.Scan(folder, folder, followsAllLinks);
        var name = Path.GetFileName(folder);
        var nothing = new LoadProblem(
            name, "there is no plugin in this folder, so there is nothing to check.",
            $"{Kinds} (this one has no {name}.dll).");
        return new CheckTarget(plugins, plugins.Count + problems.Count > 0 ? problems : [nothing]);
    }
}
