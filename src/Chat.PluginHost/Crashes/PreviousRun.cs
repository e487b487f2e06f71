namespace Chat.PluginHost.Crashes;

/// <summary>What a <see cref="CrashJournal"/> tells of the run of the process before this one.</summary>
/// <param name="IsClean">Whether it ended as it should, or there was none.</param>
/// <param name="Suspects">
/// The plugins whose code was running when it ended; when there were none, those that were waited for. Empty for an end that nothing is
/// known of, a cut of power say.
/// </param>
/// <param name="Unexplained">When starts have found an end that nothing is known of, in an unbroken row, oldest first.</param>
public sealed record PreviousRun(bool IsClean, IReadOnlyList<PluginFingerprint> Suspects, IReadOnlyList<DateTimeOffset> Unexplained);
