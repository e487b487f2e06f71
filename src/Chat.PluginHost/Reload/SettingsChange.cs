using Chat.PluginHost.Context;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Settings;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Reload;

/// <summary>A change of the settings alone, which a plugin that has asked for it takes while it goes on.</summary>
internal static class SettingsChange
{
    /// <summary>Hands the settings to the version that is live, if they are all that differs from what it was made of and it takes them.</summary>
    /// <param name="slot">The plugin's place.</param>
    /// <param name="unit">The plugin as it lies in the folder now.</param>
    /// <param name="timeouts">How long to wait.</param>
    /// <param name="logger">Takes a line when it has worked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether that was all there was to do; if not, the plugin has to be loaded anew.</returns>
    /// <exception cref="PluginLoadException">The settings are refused; those before stay in force.</exception>
    public static async Task<bool> TryAsync(PluginRecord slot, PluginSource unit, PluginTimeouts timeouts, ILogger logger, CancellationToken cancellationToken)
    {
        if (slot.Live is not { Context: { TakesSettings: true } context } live || !slot.HasLiveCode)
            return false;
        var settings = PluginSettings.Read(unit.SettingsFile, $"{unit.Id}.json");
        live.LetRun();
        if (await context.ChangeSettingsAsync(settings, timeouts, cancellationToken).ConfigureAwait(false) is { } problem)
            throw new PluginLoadException(problem);
        PluginLog.SettingsTaken(logger, unit.Id, settings.Name);
        return true;
    }
}
