namespace Chat.Server.Configuration;

/// <summary>What was given on the command line.</summary>
/// <param name="Tcp">The addresses to listen on; if empty, those of the settings.</param>
/// <param name="ConfigFile">The configuration file, if any.</param>
/// <param name="Set">All other settings, each as <c>Section:Key=value</c>; the last of a key counts.</param>
internal sealed record ServerArguments(IReadOnlyList<string> Tcp, string? ConfigFile, IReadOnlyList<string> Set);
