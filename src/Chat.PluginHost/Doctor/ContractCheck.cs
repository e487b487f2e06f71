using Chat.PluginHost.Watching;
using Chat.Plugins;

namespace Chat.PluginHost.Doctor;

/// <summary>The plugin is built against a contract this host has, and leaves the host's copy of it alone.</summary>
internal sealed class ContractCheck : IPluginCheck
{
    private static readonly System.Reflection.AssemblyName _contract = typeof(IChatPlugin).Assembly.GetName();

    public IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        foreach (var stray in plugin.Unit.Files.Where(file => string.Equals(Path.GetFileName(file), PluginScanner.ContractFile, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new Finding(
                FindingSeverity.Warning,
                plugin.Shorten(stray),
                "this copy of the contract is ignored: the contract is always the host's.",
                $"Delete it, and keep it out of the output: refer to {_contract.Name} with Private=\"false\" (a project) or ExcludeAssets=\"runtime\" (a package).");
        }

        if (plugin.Image is not { } image)
            yield break;
        if (image.References.FirstOrDefault(reference => reference.Name == _contract.Name) is not { Version: { } built })
        {
            yield return Finding.Fatal(
                plugin.Unit.Source,
                $"there is no plugin in it: it does not refer to {_contract.Name}.",
                "If another plugin needs it, put both into a folder named after that plugin.");
        }
        else if (built.Major != _contract.Version!.Major || built > _contract.Version)
        {
            yield return Finding.Fatal(
                plugin.Unit.Source,
                $"it was built for {_contract.Name} {built.ToString(3)}, but this host has {_contract.Version.ToString(3)}.",
                built > _contract.Version
                    ? $"Update the host, or build the plugin against {_contract.Name} {_contract.Version.ToString(3)}."
                    : $"Build the plugin against {_contract.Name} {_contract.Version.ToString(3)}.");
        }
    }
}
