namespace Chat.PluginHost.Compiling;

/// <summary>What came of compiling a script.</summary>
/// <param name="Files">The files it was made of, itself among them: a change in any of them is a change of the script.</param>
/// <param name="Errors">What is wrong, as <c>file:line:column: error CS1002: …</c>; empty when nothing is.</param>
/// <param name="Assembly">The assembly; empty when there are errors.</param>
/// <param name="Symbols">Its portable PDB.</param>
/// <param name="Libraries">The DLLs it asks for: assembly name to absolute path.</param>
internal sealed record CompiledScript(
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Errors,
    byte[] Assembly,
    byte[] Symbols,
    IReadOnlyDictionary<string, string> Libraries)
{
    /// <summary>What was in the files when they were read; files that were not there are missing.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; init; } = new Dictionary<string, string>();

    /// <summary>How much of it can be stopped when it does not come back.</summary>
    public InstrumentationLevel Depth { get; init; }

    /// <summary>Why that is not all of it; empty when it is.</summary>
    public string Obstacle { get; init; } = "";

    public static CompiledScript Failed(IReadOnlyList<string> files, IReadOnlyList<string> errors) =>
        new(files, errors, [], [], new Dictionary<string, string>());
}
