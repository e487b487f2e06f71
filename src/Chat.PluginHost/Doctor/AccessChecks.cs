using System.Runtime.Versioning;

namespace Chat.PluginHost.Doctor;

/// <summary>Checks who can write to a plugin's files, and which of them are links that are not followed.</summary>
internal static class AccessChecks
{
    /// <summary>Only the server's own user should be able to write what the server runs.</summary>
    public static IEnumerable<Finding> CheckPermissions(CheckedPlugin plugin)
    {
        if (OperatingSystem.IsWindows())
            return [];
        var root = plugin.Source.Root;
        List<Finding> findings =
            [.. CheckPermissions(root, $"{Path.GetFileName(root)}{Path.DirectorySeparatorChar}", "folder")];
        foreach (var file in plugin.Source.Files)
            findings.AddRange(CheckPermissions(file, plugin.Source.Shorten(file), "file"));
        return findings;
    }

    /// <summary>Links in a plugin's own folder that the host does not follow.</summary>
    public static IEnumerable<Finding> CheckLinks(CheckedPlugin plugin) =>
        PluginScanner.LinksNotFollowed(plugin.Source).Select(problem => Finding.Fatal(problem) with
        {
            Severity = FindingSeverity.Warning,
            KeepsFromLoading = false,
        });

    [UnsupportedOSPlatform("windows")]
    private static IEnumerable<Finding> CheckPermissions(string path, string where, string what)
    {
        var mode = File.GetUnixFileMode(path);
        var (severity, who, group) = mode.HasFlag(UnixFileMode.OtherWrite)
            ? (FindingSeverity.Error, "everyone on this machine", 'o')
            : (FindingSeverity.Warning, "everyone in its group", 'g');
        if ((mode & (UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != 0)
        {
            var octal = Convert.ToString((int)mode, 8);
            yield return new Finding(
                severity, where, $"{who} can write to this {what}, and so run code as the server (mode {octal}).",
                $"chmod {group}-w {path}");
        }

        if (FileOwner.Of(path) is { } owner && owner != 0 && owner != FileOwner.Me)
        {
            yield return new Finding(
                FindingSeverity.Warning, where,
                $"this {what} belongs to another user ({owner}) than the one who checks it ({FileOwner.Me}), "
                + "and its owner can change it.",
                $"Check it as the user the server runs as, or: chown {FileOwner.Me} {path}");
        }
    }
}
