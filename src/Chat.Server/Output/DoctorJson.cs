using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Server.Output;

/// <summary>The doctor's report for programs; docs/reference/command-line.md. Fields are only ever added.</summary>
internal static partial class DoctorJson
{
    private static readonly Context _context = new(JsonText.NewOptions());

    public static string Write(DoctorReport report) => JsonSerializer.Serialize(
        new Report(
            report.HasErrors, report.Checked, [.. report.Findings.Select(ToFound)],
            report.DryRun is { } run ? new Run([.. run.Plugins.Select(ToPlugin)], run.Line, run.Sent, run.Told) : null),
        _context.Report);

    private static Found ToFound(Finding finding) =>
        new(JsonText.Lower(finding.Severity), finding.Where, finding.Problem, finding.Fix);

    private static Plugin ToPlugin(DryRunPlugin plugin) => new(
        plugin.Id, plugin.Source,
        [.. plugin.Hooks.Select(hook => new Hook(hook.Id, hook.Stage, JsonText.Lower(hook.Band), hook.Order))],
        plugin.Commands, plugin.Observers, plugin.Timers, plugin.IsUnloaded);

    internal sealed record Report(
        bool HasErrors, IReadOnlyList<string> Checked, IReadOnlyList<Found> Findings, Run? DryRun);

    internal sealed record Found(string Severity, string Where, string Problem, string? Fix);

    internal sealed record Run(
        IReadOnlyList<Plugin> Plugins, string Line, IReadOnlyList<string> Sent, IReadOnlyList<string> Told);

    internal sealed record Plugin(
        string Id, string Source, IReadOnlyList<Hook> Hooks, IReadOnlyList<string> Commands, int Observers, int Timers,
        bool IsUnloaded);

    internal sealed record Hook(string Id, string Stage, string Band, int Order);

    [JsonSerializable(typeof(Report))]
    internal sealed partial class Context : JsonSerializerContext;
}
