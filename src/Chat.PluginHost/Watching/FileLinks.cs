namespace Chat.PluginHost.Watching;

/// <summary>Follows symbolic links. .NET reports a link's own size and time, and resolves only its last part.</summary>
internal static class FileLinks
{
    private const int MaxLinks = 40;

    private static readonly char[] _separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The file that a path leads to. It exists only if the path leads to a file.</summary>
    public static FileInfo Follow(string file) =>
        new FileInfo(file) is { LinkTarget: null } plain ? plain : new FileInfo(RealPath(file) ?? file);

    /// <summary>Resolves every link in a path, in its folders too.</summary>
    /// <returns>The same file or folder by a path without links; <see langword="null"/> if it leads nowhere.</returns>
    public static string? RealPath(string path)
    {
        var (real, open) = Split(path, new Stack<string>());
        var links = 0;
        while (open.TryPop(out var name))
        {
            var next = Path.GetFullPath(Path.Combine(real, name));
            if (new FileInfo(next).LinkTarget is not { } target)
                real = next;
            else if (++links > MaxLinks)
                return null;
            else if (Path.IsPathRooted(target))
                (real, open) = Split(target, open);
            else
                (_, open) = Split(target, open);
        }

        return Path.Exists(real) ? real : null;
    }

    private static (string Root, Stack<string> Open) Split(string path, Stack<string> open)
    {
        var root = Path.GetPathRoot(path) ?? "";
        foreach (var part in path[root.Length..].Split(_separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
            open.Push(part);
        return (root, open);
    }
}
