namespace Chat.PluginHost.Doctor;

/// <summary>Only the server's own user can write what the server runs.</summary>
internal sealed class PermissionsCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        if (OperatingSystem.IsWindows())
            return [];
        List<Finding> findings = [.. Check(plugin.Unit.Root, Path.GetFileName(plugin.Unit.Root) + Path.DirectorySeparatorChar)];
        foreach (var file in plugin.Unit.Files)
            findings.AddRange(Check(file, plugin.Shorten(file)));
        return findings;
    }

    /// <summary>Looks at one file or folder.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static IEnumerable<Finding> Check(string path, string where)
    {
        var what = Directory.Exists(path) ? "folder" : "file";
        var mode = File.GetUnixFileMode(path);
        if ((mode & UnixFileMode.OtherWrite) != 0)
        {
            yield return new Finding(
                FindingSeverity.Error, where, $"everyone on this machine can write to this {what}, and so run code as the server (mode {Octal(mode)}).", $"chmod o-w {path}");
        }
        else if ((mode & UnixFileMode.GroupWrite) != 0)
        {
            yield return new Finding(
                FindingSeverity.Warning, where, $"everyone in its group can write to this {what}, and so run code as the server (mode {Octal(mode)}).", $"chmod g-w {path}");
        }

        if (FileOwner.Of(path) is { } owner && owner != 0 && owner != FileOwner.Me)
        {
            yield return new Finding(
                FindingSeverity.Warning, where, $"this {what} belongs to another user ({owner}) than the one who checks it ({FileOwner.Me}), and who owns it can change it.", $"Check it as the user the server runs as, or: chown {FileOwner.Me} {path}");
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
}
