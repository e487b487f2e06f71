namespace Chat.PluginHost.Reload;

/// <summary>A change of the settings alone, which a plugin can take while it keeps running, if it has asked for
/// that.</summary>
internal static class SettingsChange
{
    /// <summary>Hands the settings to the live version, if nothing else has changed and it takes them.</summary>
    /// <returns>Whether that was all there was to do; if not, the plugin must be reloaded.</returns>
    /// <exception cref="PluginLoadException">The settings are refused; the previous ones stay in force.</exception>
    public static async Task<bool> TryAsync(
        PluginRecord record, PluginSource source, PluginTimeouts timeouts, ILogger logger,
        CancellationToken cancellationToken)
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
}
