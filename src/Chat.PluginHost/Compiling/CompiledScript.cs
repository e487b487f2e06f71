namespace Chat.PluginHost.Compiling;

/// <summary>The result of compiling a script.</summary>
/// <param name="Files">The files it consists of, its own included: if any of them changes, the script has
/// changed.</param>
/// <param name="Errors">The errors, such as <c>error CS1002: …</c>; empty if there are none.</param>
/// <param name="Assembly">The assembly; empty if there are errors.</param>
/// <param name="Symbols">Its portable PDB.</param>
/// <param name="Libraries">The DLLs it refers to: assembly name to absolute path.</param>
internal sealed record CompiledScript(
    IReadOnlyList<string> Files, IReadOnlyList<LoadProblem> Errors, byte[] Assembly, byte[] Symbols,
    IReadOnlyDictionary<string, string> Libraries)
{
    /// <summary>The hashes of the files' contents when they were read; files that did not exist are missing.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; init; } = new Dictionary<string, string>();

    /// <summary>Why there are no checks in it, so that it cannot be stopped; empty if there are.</summary>
    public string Obstacle { get; init; } = "";

    public static CompiledScript Failed(IReadOnlyList<string> files, IReadOnlyList<LoadProblem> errors) =>
        new(files, errors, [], [], new Dictionary<string, string>());
}
