using Chat.PluginHost.Loading;

namespace Chat.PluginHost.Doctor;

/// <summary>Every assembly that the plugin refers to, directly or through another, is there.</summary>
internal sealed class ManagedDependenciesCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin) => plugin.Dependencies.Missing.Select(missing => Describe(plugin, missing));

    private static Finding Describe(CheckedPlugin plugin, MissingDependency missing)
    {
        var name = $"{missing.Name.Name} {missing.Name.Version?.ToString(3)}";
        var looked = $"Looked for {string.Join(" and ", missing.Looked)}.";
        if (HostAssemblies.HasCopyOf(missing.Name.Name!))
        {
            return new Finding(
                FindingSeverity.Warning,
                missing.NeededBy,
                $"it needs {name}, which is not in the plugin's folder; the server's own copy is used, of whatever version. {looked}",
                "Copy it into the plugin's folder.");
        }

        // In the drop folder itself only what begins with the plugin's name belongs to it.
        var besides = missing.Looked.FirstOrDefault(File.Exists) is not null;
        return Finding.Fatal(
            missing.NeededBy,
            besides
                ? $"it needs {name}, which lies beside it but does not belong to it: a DLL in the drop folder itself brings only files that begin with '{plugin.Unit.Id}.'. {looked}"
                : $"it needs {name}, which is missing. {looked}",
            besides
                ? $"Put both into a folder named {plugin.Unit.Id}."
                : plugin.Script is null
                    ? "Copy the plugin's whole output folder; <EnableDynamicLoading>true</EnableDynamicLoading> in its project puts everything it needs there."
                    : "Put it beside the DLL that needs it.");
    }
}
