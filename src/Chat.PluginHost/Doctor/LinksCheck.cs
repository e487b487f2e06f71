namespace Chat.PluginHost.Doctor;

/// <summary>Nothing in a plugin's own folder is a link, which the host would not follow.</summary>
internal sealed class LinksCheck : IPluginCheck
{
    private static readonly EnumerationOptions _all = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    public IEnumerable<Finding> Check(CheckedPlugin plugin) =>
        IsOwnFolder(plugin) ? In(plugin.Unit.Root).Select(link => Describe(link, plugin.Shorten(link))) : [];

    /// <summary>The links in a folder and in the folders below it that are none themselves.</summary>
    public static IEnumerable<string> In(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", _all).Order(StringComparer.Ordinal))
        {
            if (new FileInfo(entry).LinkTarget is not null)
                yield return entry;
            else if (Directory.Exists(entry))
            {
                foreach (var link in In(entry))
                    yield return link;
            }
        }
    }

    public static Finding Describe(string link, string where) => new(
        FindingSeverity.Warning, where, $"this is a link to {new FileInfo(link).LinkTarget}, and links are ignored.", "Put what it points to in its place.");

    private static bool IsOwnFolder(CheckedPlugin plugin) =>
        string.Equals(Path.GetFileName(plugin.Unit.Root), plugin.Unit.Id, StringComparison.Ordinal)
        && plugin.Unit.MainFile == Path.Combine(plugin.Unit.Root, $"{plugin.Unit.Id}.dll");
}
