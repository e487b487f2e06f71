using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Settings;

namespace Chat.PluginHost.Doctor;

/// <summary>A plugin's settings file can be read.</summary>
internal sealed class SettingsCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        try
        {
            PluginSettings.Read(plugin.Unit.SettingsFile);
            return [];
        }
        catch (PluginLoadException exception)
        {
            return [Finding.Placed(exception.Message, "Mend this place: a settings file is one JSON object, and may hold comments and trailing commas.")];
        }
    }
}
