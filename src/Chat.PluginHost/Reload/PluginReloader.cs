namespace Chat.PluginHost.Reload;

/// <summary>Brings a plugin up to date with its files, or reports why it cannot. One call at a time.</summary>
internal sealed class PluginReloader(
    ChatServer server, PluginRecords records, PluginSwapper swapper, Quarantine quarantine, PluginTimeouts timeouts,
    ILogger logger, Action rescan)
{
    /// <summary>How often files that cannot be read are looked at again soon; then only with the folders.</summary>
    private const int LooksAtUnreadable = 20;

    /// <summary>Why nothing is loaded for now; <see langword="null"/> if plugins are loaded.</summary>
    public string? Pause { get; set; }

    /// <summary>The level at which a load is logged. The application lists the plugins that are there at the
    /// start.</summary>
    public LogLevel LoadedLevel { get; set; } = LogLevel.Debug;

    /// <summary>Whether something could not be read since this was last set to <see langword="false"/>, so that it is
    /// to be looked at again soon.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Loads, reloads or leaves a plugin alone.</summary>
    /// <returns>Whether another version is live now.</returns>
    public async Task<bool> RunAsync(
        PluginSource source, IReadOnlySet<string>? touched, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var record = records.Of(source.Id);
        var before = record.Versions;
        try
        {
            if (source.Problem is { } problem)
            {
                record.Forget();
                throw new PluginLoadException([problem]);
            }

            if (!record.HasChanged(source, touched))
                return false;
            record.Unreadable = 0;
            await ReplaceAsync(record, source, cancellationToken).ConfigureAwait(false);
            record.Problem = null;
        }
        catch (OperationCanceledException)
        {
            record.Forget();
            throw;
        }
        catch (PluginLoadException) when (source.Kind == PluginKind.Dll && records.AreMadeOf(source.MainFile))
        {
            // Not a plugin, and not meant to be one: a script references it.
            record.Problem = null;
        }
        catch (PluginLoadException exception)
        {
            if (exception.MayPass)
                record.Forget();
            else
                record.TryWhenSaved();
            Report(record, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Being written or replaced at this moment: the next look finds it settled.
            record.Forget();
            IsUnsettled |= ++record.Unreadable < LooksAtUnreadable;
            var folder = source.Root + Path.DirectorySeparatorChar;
            var reason = exception.Message.Replace(folder, "", StringComparison.Ordinal).TrimEnd('.');
            Report(record, $"{source.Source}: it cannot be read now: {reason}. It is tried again.");
        }
        catch (Exception exception)
        {
            // Whatever one plugin does to the host, the others and the watching continue.
            record.TryWhenSaved();
            Report(record, $"{source.Source}: it cannot be loaded: {ExceptionText.Describe(exception)}");
        }

        if (record is { IsQuarantined: true, Problem: { } quarantined })
            server.ReportProblem(source.Id, quarantined, () => Release(record, source.Id));
        else
            server.ReportProblem(source.Id, record.Problem);
        return record.Versions != before;
    }

    private async Task ReplaceAsync(PluginRecord record, PluginSource source, CancellationToken cancellationToken)
    {
        record.WaitsForOthers = false;
        var reason = quarantine.ReasonFor(PluginRecord.FingerprintOf(source)) ?? Pause;
        record.IsQuarantined = reason is not null;
        if (reason is not null)
            throw new PluginLoadException(source.Source, $"{reason}.");
        if (await TakesSettingsAsync(record, source, cancellationToken).ConfigureAwait(false))
            return;
        await swapper.ReplaceAsync(record, source, cancellationToken).ConfigureAwait(false);
        PluginLog.Loaded(logger, LoadedLevel, source.Source, source.Id, record.Versions);
    }

    /// <summary>Hands changed settings to the live version, if nothing else has changed and it takes them.</summary>
    /// <returns>Whether that was all there was to do; if not, the plugin must be reloaded.</returns>
    /// <exception cref="PluginLoadException">The settings are refused; the previous ones stay in force.</exception>
    private async Task<bool> TakesSettingsAsync(
        PluginRecord record, PluginSource source, CancellationToken cancellationToken)
    {
        if (record.Live is not { Context: { TakesSettings: true } context } live || !record.HasLiveCode)
            return false;
        var settings = PluginSettings.Read(source.SettingsFile, $"{source.Id}.json");
        live.LetRun();
        var problem = await context.ChangeSettingsAsync(settings, timeouts, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
            throw new PluginLoadException([problem]);
        PluginLog.SettingsTaken(logger, source.Id, settings.Name);
        return true;
    }

    private void Release(PluginRecord record, string id)
    {
        quarantine.Release(id);
        record.Forget();
        rescan();
    }

    private void Report(PluginRecord record, string problem)
    {
        if (record.Problem != problem && record.Live is { } live)
            PluginLog.NotReplaced(logger, live.Version.Number, OneLine(problem));
        else if (record.Problem != problem)
            PluginLog.NotLoaded(logger, OneLine(problem));
        record.Problem = problem;
    }

    /// <summary>Puts several errors side by side: a log has one line per event.</summary>
    private static string OneLine(string problem) => problem.Replace("\n", " | ", StringComparison.Ordinal);
}
