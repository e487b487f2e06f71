namespace Chat.PluginHost.Diagnostics;

/// <summary>A plugin cannot be loaded. The message has a line for each problem.</summary>
internal sealed class PluginLoadException(IReadOnlyList<LoadProblem> problems, Exception? innerException = null)
    : Exception(string.Join('\n', problems), innerException)
{
    public PluginLoadException(string where, string problem, string? fix = null, Exception? cause = null)
        : this([new LoadProblem(where, problem, fix)], cause)
    {
    }

    /// <summary>What is wrong; the first problem if there are several.</summary>
    public LoadProblem Problem => problems[0];

    /// <summary>Whether the cause may pass, such as a full disk: the same files are tried again.</summary>
    public bool MayPass { get; init; }
}
