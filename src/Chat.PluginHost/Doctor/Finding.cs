namespace Chat.PluginHost.Doctor;

/// <summary>One thing the doctor has found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Where">The file, with line and column if they are known.</param>
/// <param name="Problem">What is wrong, in whole sentences that follow <c>where: </c>.</param>
/// <param name="Fix">What to do about it; <see langword="null"/> if there is nothing to do.</param>
public sealed record Finding(FindingSeverity Severity, string Where, string Problem, string? Fix)
{
    /// <summary>Whether the host does not load the plugin because of it: a dry run has nothing to add.</summary>
    internal bool KeepsFromLoading { get; init; }

    /// <summary>An error that keeps the host from loading the plugin.</summary>
    /// <param name="problem">The host's own reason.</param>
    /// <param name="fix">What to do; if <see langword="null"/>, what the host says.</param>
    internal static Finding Fatal(LoadProblem problem, string? fix = null) =>
        new(FindingSeverity.Error, problem.Where, problem.Problem.ReplaceLineEndings(" "), fix ?? problem.Fix)
        {
            KeepsFromLoading = true,
        };
}
