using System.Runtime.Versioning;

namespace Chat.PluginHost.Doctor;

/// <summary>Checks who can write to a plugin's files, and which of them are links.</summary>
internal static class AccessChecks
{
    private static readonly EnumerationOptions _all = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Only the server's own user should be able to write what the server runs.</summary>
    public static IEnumerable<Finding> CheckPermissions(CheckedPlugin plugin)
    {
        if (OperatingSystem.IsWindows())
            return [];
        var root = plugin.Unit.Root;
        List<Finding> findings =
            [.. CheckPermissions(root, $"{Path.GetFileName(root)}{Path.DirectorySeparatorChar}", "folder")];
        foreach (var file in plugin.Unit.Files)
            findings.AddRange(CheckPermissions(file, plugin.Shorten(file), "file"));
        return findings;
    }

    /// <summary>Links in a plugin's own folder, which the host does not follow.</summary>
    public static IEnumerable<Finding> CheckLinks(CheckedPlugin plugin) =>
        plugin.Unit.MainFile == Path.Combine(plugin.Unit.Root, $"{plugin.Unit.Id}.dll")
        && Path.GetFileName(plugin.Unit.Root) == plugin.Unit.Id
            ? LinksIn(plugin.Unit.Root).Select(link => DescribeLink(link, plugin.Shorten(link)))
            : [];

    public static Finding DescribeLink(string link, string where) => new(
        FindingSeverity.Warning,
        where,
        $"this is a link to {new FileInfo(link).LinkTarget}, and links are ignored.",
        "Put what it points to in its place.");

    private static IEnumerable<string> LinksIn(string folder) => Directory.EnumerateFileSystemEntries(folder, "*", _all)
        .Order(StringComparer.Ordinal)
        .SelectMany(entry => new FileInfo(entry).LinkTarget is not null ? [entry]
            : Directory.Exists(entry) ? LinksIn(entry)
            : []);

    [UnsupportedOSPlatform("windows")]
    private static IEnumerable<Finding> CheckPermissions(string path, string where, string what)
    {
        var mode = File.GetUnixFileMode(path);
        var octal = Convert.ToString((int)mode, 8);
        if (mode.HasFlag(UnixFileMode.OtherWrite))
        {
            yield return new Finding(
                FindingSeverity.Error,
                where,
                $"everyone on this machine can write to this {what}, and so run code as the server (mode {octal}).",
                $"chmod o-w {path}");
        }
        else if (mode.HasFlag(UnixFileMode.GroupWrite))
        {
            yield return new Finding(
                FindingSeverity.Warning,
                where,
                $"everyone in its group can write to this {what}, and so run code as the server (mode {octal}).",
                $"chmod g-w {path}");
        }

        if (FileOwner.Of(path) is { } owner && owner != 0 && owner != FileOwner.Me)
        {
            yield return new Finding(
                FindingSeverity.Warning,
                where,
                $"this {what} belongs to another user ({owner}) than the one who checks it ({FileOwner.Me}), "
                + "and its owner can change it.",
                $"Check it as the user the server runs as, or: chown {FileOwner.Me} {path}");
        }
    }
}
