namespace Chat.PluginHost.Diagnostics;

/// <summary>Why a plugin cannot be loaded, for people.</summary>
/// <param name="Where">The file, with line and column if they are known.</param>
/// <param name="Problem">What is wrong, as a sentence that follows <c>where: </c>.</param>
/// <param name="Fix">What to do about it, in whole sentences; <see langword="null"/> if the problem says it.</param>
internal sealed record LoadProblem(string Where, string Problem, string? Fix = null)
{
    /// <summary>The id of the file, if it is not loaded because another file has the same.</summary>
    public string? TakenId { get; init; }

    public override string ToString() => Fix is null ? $"{Where}: {Problem}" : $"{Where}: {Problem} {Fix}";
}
