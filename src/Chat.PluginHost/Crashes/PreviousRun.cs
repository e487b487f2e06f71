namespace Chat.PluginHost.Crashes;

/// <summary>What a <see cref="CrashJournal"/> tells of the run of the process before this one.</summary>
/// <param name="IsClean">Whether it ended as it should, or there was none.</param>
/// <param name="Unexplained">When starts have found an unexplained end, in an unbroken row, oldest first.</param>
/// <param name="Suspects">The plugins that it may have died in; see <see cref="PreviousExit"/>.</param>
internal sealed record PreviousRun(
    bool IsClean, IReadOnlyList<DateTimeOffset> Unexplained, IReadOnlyList<PluginFingerprint> Suspects);
