using Chat.Engine;
using Chat.Engine.Diagnostics;
using Chat.PluginHost.Context;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Reload;

/// <summary>Makes what is live of one plugin what its files say, or tells why it cannot be. One call at a time.</summary>
/// <param name="server">Shows the problems.</param>
/// <param name="slots">The places.</param>
/// <param name="swapper">Exchanges versions.</param>
/// <param name="quarantine">Whom not to load.</param>
/// <param name="timeouts">How long to wait.</param>
/// <param name="logger">Takes a line for each change.</param>
/// <param name="again">Has the folders looked at once more; from any thread.</param>
internal sealed class PluginReloader(
    ChatServer server, PluginRecords slots, PluginSwapper swapper, Quarantine quarantine, PluginTimeouts timeouts, ILogger logger, Action again)
{
    /// <summary>So often what cannot be read is looked at again at once; then only as often as the folders are looked at anyway.</summary>
    private const int LooksAtUnreadable = 20;

    /// <summary>Why nothing is to be loaded for now; <see langword="null"/> when it is.</summary>
    public string? Pause { get; set; }

    /// <summary>At which level a load is logged. What is there at the start is listed by whoever starts the host.</summary>
    public LogLevel LoadedLevel { get; set; } = LogLevel.Debug;

    /// <summary>Whether something could not be read since this was last set to <see langword="false"/>: it is to be looked at again soon.</summary>
    public bool IsUnsettled { get; set; }

    /// <returns>Whether another version is live now.</returns>
    public async Task<bool> RunAsync(PluginSource unit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var slot = slots.Of(unit.Id);
        var before = slot.Versions;
        try
        {
            if (unit.Problem is { } problem)
            {
                slot.Forget();
                throw new PluginLoadException(problem);
            }

            if (!slot.HasChanged(unit))
                return false;
            slot.Unreadable = 0;
            await ReplaceAsync(slot, unit, cancellationToken).ConfigureAwait(false);
            slot.Problem = null;
        }
        catch (OperationCanceledException)
        {
            slot.Forget();
            throw;
        }
        catch (PluginLoadException) when (unit.Kind == PluginKind.Dll && slots.AreMadeOf(unit.MainFile))
        {
            // No plugin, and not meant to be one: a script refers to it.
            slot.Problem = null;
        }
        catch (PluginLoadException exception)
        {
            if (exception.MayPass)
                slot.Forget();
            else
                slot.TryWhenSaved();
            Report(slot, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Being written or replaced at this moment: the next look finds it settled.
            slot.Forget();
            IsUnsettled |= ++slot.Unreadable < LooksAtUnreadable;
            Report(slot, $"{unit.Source}: it cannot be read now: {exception.Message.Replace(unit.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).TrimEnd('.')}. It is tried again.");
        }
        catch (Exception exception)
        {
            // Whatever one plugin does to the host, the others and the watching go on.
            slot.TryWhenSaved();
            Report(slot, $"{unit.Source}: it cannot be loaded: {ExceptionText.Describe(exception)}");
        }

        if (slot is { IsQuarantined: true, Problem: { } reason })
            server.ReportProblem(unit.Id, reason, () => Release(slot, unit.Id));
        else
            server.ReportProblem(unit.Id, slot.Problem);
        return slot.Versions != before;
    }

    private async Task ReplaceAsync(PluginRecord slot, PluginSource unit, CancellationToken cancellationToken)
    {
        slot.WaitsForOthers = false;
        var reason = quarantine.ReasonFor(PluginRecord.FingerprintOf(unit)) ?? Pause;
        slot.IsQuarantined = reason is not null;
        if (reason is not null)
            throw new PluginLoadException($"{unit.Source}: {reason}.");
        if (await SettingsChange.TryAsync(slot, unit, timeouts, logger, cancellationToken).ConfigureAwait(false))
            return;
        await swapper.ReplaceAsync(slot, unit, cancellationToken).ConfigureAwait(false);
        PluginLog.Loaded(logger, LoadedLevel, unit.Source, unit.Id, slot.Versions);
    }

    private void Release(PluginRecord slot, string id)
    {
        quarantine.Release(id);
        slot.Forget();
        again();
    }

    private void Report(PluginRecord slot, string problem)
    {
        if (slot.Problem != problem && slot.Live is { } live)
            PluginLog.NotReplaced(logger, live.Version.Number, OneLine(problem));
        else if (slot.Problem != problem)
            PluginLog.NotLoaded(logger, OneLine(problem));
        slot.Problem = problem;
    }

    /// <summary>Several errors side by side: a log has one line for each event.</summary>
    private static string OneLine(string problem) => problem.Replace("\n", " | ", StringComparison.Ordinal);
}
