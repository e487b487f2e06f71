using System.Globalization;

namespace Chat.PluginHost.Crashes;

/// <summary>Decides which plugins to load, from how the run of the process before this one ended.</summary>
internal static class CrashReview
{
    private const int EndsBeforeSafeStart = 3;

    private static readonly TimeSpan _row = TimeSpan.FromMinutes(1);

    /// <summary>Quarantines the plugins that the process is suspected to have died in.</summary>
    /// <returns>Why no plugin is loaded at this start: too many unexplained ends in a row. <see langword="null"/> if
    /// plugins are loaded.</returns>
    public static string? Conclude(CrashJournal? journal, Quarantine quarantine, DateTimeOffset now, ILogger logger)
    {
        if (journal is not { PreviousRun: { IsClean: false } last })
            return null;
        foreach (var suspect in last.Suspects)
        {
            quarantine.Add(suspect, string.Create(
                CultureInfo.InvariantCulture,
                $"the server died while it was running (a stack overflow, an exit or a fault in native code), "
                + $"as was found at {now:yyyy-MM-dd HH:mm:ss}Z. It is not loaded until its file changes, "
                + $"or an operator types /hooks enable {suspect.Id}"));
        }

        List<DateTimeOffset> ends = [.. last.Unexplained.Where(end => now - end <= _row), now];
        if (last.Suspects.Count > 0)
        {
            PluginLog.DiedIn(logger, string.Join(", ", last.Suspects.Select(suspect => suspect.Id)));
            return null;
        }

        if (ends.Count < EndsBeforeSafeStart)
        {
            journal.KeepUnexplained(ends);
            PluginLog.DiedUnexplained(logger);
            return null;
        }

        PluginLog.SafeStart(logger, ends.Count);
        return $"the server died {ends.Count} times within a minute for an unknown reason, so it has started without "
            + "plugins this once. Save the file to load it now, or restart the server to load all";
    }
}
