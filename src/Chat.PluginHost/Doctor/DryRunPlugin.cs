namespace Chat.PluginHost.Doctor;

/// <summary>What one plugin did in the dry run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">The name of the file it was loaded from.</param>
/// <param name="Hooks">Its hooks and guards, in the order they run.</param>
/// <param name="Commands">Its commands with their arguments: <c>/roll NdM</c>.</param>
/// <param name="Observers">How many observers it has.</param>
/// <param name="Timers">How many timers it has.</param>
/// <param name="IsUnloaded">Whether its code left memory soon after it was removed.</param>
public sealed record DryRunPlugin(
    string Id, string Source, IReadOnlyList<HookInfo> Hooks, IReadOnlyList<string> Commands, int Observers, int Timers,
    bool IsUnloaded);
