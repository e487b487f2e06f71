namespace Chat.PluginHost.Doctor;

/// <summary>The plugin is within the host's limits for names, numbers and sizes of files: beyond them it is not even read.</summary>
internal sealed class LimitsCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin) =>
        plugin.Unit.Problem is { } problem ? [Finding.Refusal(problem, "Keep its data outside the drop folder, and name its place in the plugin's settings.")] : [];
}
