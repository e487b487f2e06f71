namespace Chat.PluginHost.Doctor;

/// <summary>What happened when the plugins were started in a server that nobody can reach, and one line was said
/// there.</summary>
/// <param name="Plugins">The plugins that could be started, by id.</param>
/// <param name="Line">The line, as it was typed.</param>
/// <param name="Sent">What the room would have seen: nothing if the line was stopped, several lines if it was
/// split.</param>
/// <param name="Told">What the person who typed it would have been told.</param>
public sealed record DryRunReport(
    IReadOnlyList<DryRunPlugin> Plugins, string Line, IReadOnlyList<string> Sent, IReadOnlyList<string> Told);
