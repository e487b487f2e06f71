using System.Globalization;

namespace Chat.PluginHost.Checking;

/// <summary>A plugin's files are not huge: each of them is read and copied whenever one of them changes.</summary>
internal sealed class SizeCheck : IPluginCheck
{
    private const long Largest = 64 * 1024 * 1024;

    public IEnumerable<Finding> Check(CheckedPlugin plugin) =>
        from file in plugin.Unit.Files
        let bytes = new FileInfo(file) is { Exists: true, Length: var length } ? length : 0
        where bytes > Largest
        select new Finding(
            FindingSeverity.Warning,
            plugin.Shorten(file),
            string.Create(CultureInfo.InvariantCulture, $"it has {bytes / 1024 / 1024} MiB, more than 64 MiB, and is read and copied at every reload."),
            "Keep data outside the drop folder, and name its place in the plugin's settings.");
}
