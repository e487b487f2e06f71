using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.Server.Output;

/// <summary>How the command line writes JSON, for programs and people; docs/reference/command-line.md. Fields are only
/// ever added. It never ends up in a web page, so characters that are special there are not escaped.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(LineExplanation line)
    {
        var steps = line.Steps.Select(step => new
        {
            step.Stage,
            step.Hook,
            step.Source,
            step.Version,
            Microseconds = step.Took?.TotalMicroseconds,
            Verdict = Lower(step.Verdict),
            step.IsShadow,
            step.Before,
            step.After,
            step.Note,
            step.Replies,
        });
        var ends = line.Ends.Select(end =>
            new { Disposition = Lower(end.Disposition), end.Text, end.DecidedBy, end.Reason });
        return JsonSerializer.Serialize(
            new
            {
                line.Id,
                line.Time,
                line.Sender,
                line.Room,
                line.Recipient,
                line.Text,
                Steps = steps,
                Ends = ends,
            },
            _options);
    }

    public static string Of(DoctorReport report)
    {
        var findings = report.Findings.Select(finding =>
            new { Severity = Lower(finding.Severity), finding.Where, finding.Problem, finding.Fix });
        var plugins = report.DryRun?.Plugins.Select(plugin => new
        {
            plugin.Id,
            plugin.Source,
            Hooks = plugin.Hooks.Select(hook => new { hook.Id, hook.Stage, Band = Lower(hook.Band), hook.Order }),
            plugin.Commands,
            plugin.Observers,
            plugin.Timers,
            plugin.IsUnloaded,
        });
        var run = report.DryRun is { } dryRun
            ? new { Plugins = plugins, dryRun.Line, dryRun.Sent, dryRun.Told }
            : null;
        return JsonSerializer.Serialize(
            new { report.HasErrors, report.Checked, Findings = findings, DryRun = run }, _options);
    }

    /// <summary>The name of an enumeration's value in camel case.</summary>
    private static string Lower(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
