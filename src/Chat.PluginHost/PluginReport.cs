using System.Globalization;
using System.Text;

namespace Chat.PluginHost;

/// <summary>The plugins and the old versions still in memory, as text for people.</summary>
internal sealed class PluginReport(
    IReadOnlyList<PluginInfo> live, IReadOnlyList<PluginInfo> retired, IReadOnlyList<string> notLoaded,
    DateTimeOffset now)
{
    /// <summary>Several lines, separated by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (live.Count == 0)
            text.Append("No plugins.");
        else
            Table(text, "Plugins:", "has", live, info => string.Join(", ", info.Owned));
        var held = retired.Where(info => info.State != PluginState.Unloading).ToList();
        if (held.Count > 0)
        {
            text.Append('\n');
            Table(text, "Old versions that are not gone yet:", "why", held, info => string.Join("; ", info.StillHeld));
        }

        // After a morning's edits there are many of these, which is normal.
        var unloading = retired.Where(info => info.State == PluginState.Unloading)
            .GroupBy(info => info.Id, StringComparer.OrdinalIgnoreCase)
            .ToList();
        if (unloading.Count > 0)
        {
            text.Append("\nUnloading (the next full garbage collections free these, ")
                .Append("unless a thread of their own still runs): ")
                .AppendJoin(", ", unloading.Select(Count));
        }

        if (notLoaded.Count > 0)
            text.Append("\nNot loaded (/hooks says why): ").AppendJoin(", ", notLoaded);
        return text.ToString();
    }

    private static string Count(IGrouping<string, PluginInfo> versions)
    {
        var count = versions.Count();
        var what = count == 1 ? $"version {versions.Single().Version}" : $"{count} versions";
        return $"{versions.Key} ({what})";
    }

    private void Table(
        StringBuilder text, string title, string lastHead, IReadOnlyList<PluginInfo> plugins,
        Func<PluginInfo, string> last)
    {
        List<string[]> rows = [["plugin", "file", "version", "state", "for", lastHead]];
        foreach (var info in plugins)
        {
            var version = info.Version.ToString(CultureInfo.InvariantCulture);
            var state = info.State.ToString().ToLowerInvariant();
            rows.Add([info.Id, info.Source, version, state, Age(info.Since), last(info)]);
        }

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

    private static string Whole(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(amount)):0} {unit}");
}
