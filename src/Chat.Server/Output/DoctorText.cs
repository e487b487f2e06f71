using System.Globalization;
using System.Text;

namespace Chat.Server.Output;

/// <summary>The doctor's report for people.</summary>
internal static class DoctorText
{
    private const string Indent = "         ";

    public static string Write(DoctorReport report)
    {
        var text = new StringBuilder();
        foreach (var finding in report.Findings.OrderByDescending(finding => finding.Severity))
        {
            text.Append(finding.Severity.ToString().ToLowerInvariant().PadRight(Indent.Length))
                .Append(finding.Where).Append(": ").AppendLine(finding.Problem);
            if (finding.Fix is { } fix)
                text.Append(Indent).Append("Fix: ").AppendLine(fix);
        }

        if (report.DryRun is { Plugins.Count: > 0 } dryRun)
            Write(dryRun, text.Length > 0 ? text.AppendLine() : text);
        else if (report.Checked.Count > 0)
            text.AppendLine().AppendLine("Dry run: nothing could be started.");
        return text.AppendLine().Append(Summary(report)).ToString();
    }

    private static void Write(DryRunReport dryRun, StringBuilder text)
    {
        text.AppendLine("Dry run:");
        foreach (var plugin in dryRun.Plugins)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {plugin.Source} started as plugin {plugin.Id}.");
            foreach (var row in TextTable.Lines([.. Rows(plugin)]))
                text.Append("    ").AppendLine(row);
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"  Typed: {dryRun.Line}");
        if (dryRun.Sent.Count == 0)
            text.AppendLine("  Sent:  nothing");
        foreach (var sent in dryRun.Sent)
            text.AppendLine(CultureInfo.InvariantCulture, $"  Sent:  {sent}");
        foreach (var told in dryRun.Told)
            text.AppendLine(CultureInfo.InvariantCulture, $"  Told:  {told}");
    }

    private static IEnumerable<string[]> Rows(DryRunPlugin plugin)
    {
        foreach (var hook in plugin.Hooks)
        {
            var band = hook.Band.ToString().ToLowerInvariant();
            yield return [hook.Stage, hook.Id, string.Create(CultureInfo.InvariantCulture, $"{band} {hook.Order}")];
        }

        foreach (var command in plugin.Commands)
            yield return ["command", command, ""];
        if (plugin.Observers > 0)
            yield return ["observers", $"{plugin.Observers}", ""];
        if (plugin.Timers > 0)
            yield return ["timers", $"{plugin.Timers}", ""];
        var unloading = plugin.IsUnloaded
            ? "unloads cleanly"
            : "stays in memory: see docs/explanation/unloading.md";
        yield return ["unloading", unloading, ""];
    }

    private static string Summary(DoctorReport report)
    {
        var errors = report.Findings.Count(finding => finding.Severity == FindingSeverity.Error);
        var warnings = report.Findings.Count(finding => finding.Severity == FindingSeverity.Warning);
        var plugins = report.Checked.Count;
        return $"{Count(plugins, "plugin")} checked, {Count(errors, "error")}, {Count(warnings, "warning")}.";
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
