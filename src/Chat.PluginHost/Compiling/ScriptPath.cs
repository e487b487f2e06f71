namespace Chat.PluginHost.Compiling;

/// <summary>Paths in <c>#load</c> and <c>#r</c>, which may have been written on another system.</summary>
internal static class ScriptPath
{
    /// <summary>The spellings to try for a path, in order: as written, then with backslashes as separators.</summary>
    public static IEnumerable<string> Spellings(string path) =>
        OperatingSystem.IsWindows() || !path.Contains('\\', StringComparison.Ordinal)
            ? [path]
            : [path, path.Replace('\\', '/')];

    /// <summary>The absolute path of a file that a script names, whether it exists or not.</summary>
    public static string Full(string path, string folder)
    {
        var all = Spellings(path).Select(each => Path.GetFullPath(each, folder)).ToList();
        return all.Find(File.Exists) ?? all[^1];
    }
}
