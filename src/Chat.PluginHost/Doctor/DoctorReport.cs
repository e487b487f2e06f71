namespace Chat.PluginHost.Doctor;

/// <summary>What the doctor says.</summary>
/// <param name="Checked">The files of the plugins that were checked, by their path from the folder they lie in.</param>
/// <param name="Findings">What was found, in the order of the plugins.</param>
/// <param name="DryRun">What they did; <see langword="null"/> when there was nothing to run.</param>
public sealed record DoctorReport(IReadOnlyList<string> Checked, IReadOnlyList<Finding> Findings, DryRunReport? DryRun)
{
    /// <summary>Whether anything is an error.</summary>
    public bool HasErrors => Findings.Any(finding => finding.Severity == FindingSeverity.Error);
}
