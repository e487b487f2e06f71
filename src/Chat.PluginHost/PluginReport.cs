using System.Globalization;
using System.Text;
using Chat.Engine.Diagnostics;
using Chat.PluginHost.Versions;

namespace Chat.PluginHost;

/// <summary>The plugins and what of old versions is still there, as text for people.</summary>
/// <param name="live">Those that serve.</param>
/// <param name="retired">Those that have been taken out and are not gone yet.</param>
/// <param name="notLoaded">What could not be loaded, by its file.</param>
/// <param name="now">The time.</param>
internal sealed class PluginReport(IReadOnlyList<PluginInfo> live, IReadOnlyList<PluginInfo> retired, IReadOnlyList<string> notLoaded, DateTimeOffset now)
{
    /// <summary>Several lines, parted by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (live.Count == 0)
            text.Append("No plugins.");
        else
            Table(text, "Plugins:", ["plugin", "file", "version", "state", "for", "has"], live, info => string.Join(", ", info.Owned));
        var held = retired.Where(info => info.State != PluginState.Unloading).ToList();
        if (held.Count > 0)
            Table(text.Append('\n'), "Old versions that are not gone yet:", ["plugin", "file", "version", "state", "for", "why"], held, info => string.Join("; ", info.StillHeld));

        // After a morning's edits there are many of these, and nothing is wrong with them.
        var unloading = retired.Where(info => info.State == PluginState.Unloading).GroupBy(info => info.Id, StringComparer.OrdinalIgnoreCase).ToList();
        if (unloading.Count > 0)
        {
            text.Append("\nUnloading, gone after one of the next full garbage collections: ")
                .AppendJoin(", ", unloading.Select(versions => string.Create(CultureInfo.InvariantCulture, $"{versions.Key} ({(versions.Count() == 1 ? $"version {versions.Single().Version}" : $"{versions.Count()} versions")})")));
        }

        if (notLoaded.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"\nNot loaded (/hooks says why): {string.Join(", ", notLoaded)}");
        return text.ToString();
    }

    private void Table(StringBuilder text, string title, string[] head, IReadOnlyList<PluginInfo> plugins, Func<PluginInfo, string> last)
    {
        List<string[]> rows = [head];
        foreach (var info in plugins)
            rows.Add([info.Id, info.Source, info.Version.ToString(CultureInfo.InvariantCulture), info.State.ToString().ToLowerInvariant(), Age(info.Since), last(info)]);
        text.Append(title);
        foreach (var row in TextTable.Lines(rows))
            text.Append("\n  ").Append(row);
    }

    private string Age(DateTimeOffset since)
    {
        var age = now - since;
        return age.TotalMinutes < 1 ? Whole(age.TotalSeconds, "s")
            : age.TotalHours < 1 ? Whole(age.TotalMinutes, "min")
            : age.TotalDays < 1 ? Whole(age.TotalHours, "h")
            : Whole(age.TotalDays, "d");
    }

    private static string Whole(double amount, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(amount)):0} {unit}");
}
