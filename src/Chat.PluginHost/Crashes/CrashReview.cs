using System.Globalization;
using Chat.PluginHost.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Crashes;

/// <summary>Draws the conclusions from how the run of the process before this one has ended.</summary>
internal static class CrashReview
{
    private const int EndsBeforeSafeStart = 3;

    private static readonly TimeSpan _row = TimeSpan.FromMinutes(1);

    /// <summary>Puts those into quarantine that the process died in.</summary>
    /// <param name="box">What was noted; <see langword="null"/> when nothing is.</param>
    /// <param name="quarantine">Takes the suspects.</param>
    /// <param name="now">The time.</param>
    /// <param name="logger">Takes a line for each conclusion.</param>
    /// <returns>Why no plugin is to be loaded for now; <see langword="null"/> when they are.</returns>
    public static string? Conclude(CrashJournal? box, Quarantine quarantine, DateTimeOffset now, ILogger logger)
    {
        if (box is null || box.PreviousRun is { IsClean: true })
            return null;
        var last = box.PreviousRun;
        foreach (var suspect in last.Suspects)
        {
            quarantine.Add(suspect, string.Create(CultureInfo.InvariantCulture,
                $"the server died while it was running (a stack overflow, an exit or a fault in native code), as was found at {now:yyyy-MM-dd HH:mm:ss}Z. It is not loaded until its file changes, or an operator types /hooks enable {suspect.Id}"));
        }

        if (last.Suspects.Count > 0)
        {
            PluginLog.DiedIn(logger, string.Join(", ", last.Suspects.Select(suspect => suspect.Id)));
            return null;
        }

        List<DateTimeOffset> ends = [.. last.Unexplained.Where(end => now - end <= _row), now];
        if (ends.Count < EndsBeforeSafeStart)
        {
            box.KeepUnexplained(ends);
            PluginLog.DiedUnexplained(logger);
            return null;
        }

        PluginLog.SafeStart(logger, ends.Count);
        return string.Create(CultureInfo.InvariantCulture,
            $"the server died {ends.Count} times within a minute and nobody knows in what, so this once it has started without plugins. Save the file to load it now, or restart the server to load all");
    }
}
