namespace Chat.Server.Configuration;

/// <summary>What was given on the command line.</summary>
internal sealed record ServerArguments(
    IReadOnlyList<string> Tcp,
    string? Data,
    string? Plugins,
    bool NoBundledPlugins,
    string? ConfigFile,
    IReadOnlyList<string> Set);
