namespace Chat.PluginHost.Crashes;

/// <summary>What a <see cref="CrashJournal"/> tells of the run of the process before this one.</summary>
/// <param name="IsClean">Whether it ended as it should, or there was none.</param>
/// <param name="Suspects">The plugins that it may have died in; see <see cref="PreviousExit"/>. Empty if it was killed,
/// and if no plugin's code was running. A plugin that was only waiting is no suspect.</param>
/// <param name="Unexplained">The times at which starts have found an unexplained end, in an unbroken row, oldest
/// first.</param>
public sealed record PreviousRun(
    bool IsClean, IReadOnlyList<PluginFingerprint> Suspects, IReadOnlyList<DateTimeOffset> Unexplained);
