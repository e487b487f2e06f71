namespace Chat.PluginHost.Doctor;

/// <summary>The doctor's report.</summary>
/// <param name="Checked">The files of the plugins that were checked, by file name.</param>
/// <param name="Findings">What was found, in the order of the plugins.</param>
/// <param name="DryRun">What the plugins did; <see langword="null"/> if there was nothing to run.</param>
public sealed record DoctorReport(IReadOnlyList<string> Checked, IReadOnlyList<Finding> Findings, DryRunReport? DryRun)
{
    /// <summary>Whether any finding is an error.</summary>
    public bool HasErrors => Findings.Any(finding => finding.Severity == FindingSeverity.Error);
}
