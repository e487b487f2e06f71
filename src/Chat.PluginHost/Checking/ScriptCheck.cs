namespace Chat.PluginHost.Checking;

/// <summary>A script compiles.</summary>
internal sealed class ScriptCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin) =>
        (plugin.Script?.Errors ?? []).Select(error => Place(error) is var (where, problem)
            ? Finding.Fatal(where, problem, "Mend this place. docs/plugins.md says what a script has in scope.")
            : Finding.Fatal(plugin.Unit.Source, error, "Mend this."));

    private static (string Where, string Problem)? Place(string error) =>
        error.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon ? (error[..colon], error[(colon + 2)..]) : null;
}
