namespace Chat.PluginHost.Doctor;

/// <summary>A script compiles.</summary>
internal sealed class ScriptCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin) =>
        (plugin.Script?.Errors ?? []).Select(error => Finding.Placed(error, "Mend this place. docs/reference/plugin-context.md says what a script has in scope."));
}
