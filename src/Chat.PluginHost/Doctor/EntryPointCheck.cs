using System.Reflection;
using System.Reflection.Metadata;

namespace Chat.PluginHost.Doctor;

/// <summary>There is a class in a DLL that the host can make and start.</summary>
internal sealed class EntryPointCheck : IPluginCheck
{
    private static readonly string[] _hooks = ["IMessageHook", "IMessageGuard", "IMessageObserver"];

    public IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        // One that does not know the contract has no entry for a reason that is told elsewhere.
        if (plugin.Image is not { } image || !image.References.Any(reference => reference.Name == "Chat.Abstractions"))
            return [];
        var types = new DeclaredTypes(image.Metadata);
        var plugins = types.Implementing(["IChatPlugin"]);
        return plugins.Count > 0 ? CheckTypes(plugin, types, plugins, "IChatPlugin") : CheckTypes(plugin, types, types.Implementing(_hooks), "a hook's interface");
    }

    private static IEnumerable<Finding> CheckTypes(CheckedPlugin plugin, DeclaredTypes types, IReadOnlyList<TypeDefinition> entries, string contract)
    {
        if (entries.Count == 0 && !types.HasForeignBases)
        {
            yield return Finding.Fatal(
                plugin.Unit.Source, "there is no plugin in it.", $"Add a public class that implements IChatPlugin (or {string.Join(", ", _hooks)}).");
        }

        var hasGood = entries.Any(types.CanStart);
        foreach (var type in entries)
        {
            var name = types.NameOf(type);
            var (problem, fix) = !types.IsPublic(type) ? ($"{name} implements {contract}, but is not public, so the host does not see it.", "Make it public.")
                : (type.Attributes & TypeAttributes.Abstract) != 0 ? ($"{name} implements {contract}, but is abstract.", "Make it a class of which there can be an object, or derive one.")
                : type.GetGenericParameters().Count > 0 ? ($"{name} implements {contract}, but has type parameters.", "Derive a class that has none.")
                : !types.HasPlainConstructor(type) ? ($"{name} has no public constructor without parameters.", "Add one; what the plugin needs comes with StartAsync.")
                : ("", "");
            var isFatal = !hasGood || (types.IsPublic(type) && !types.HasPlainConstructor(type) && (type.Attributes & TypeAttributes.Abstract) == 0);
            if (problem.Length > 0 && (isFatal || contract == "IChatPlugin"))
                yield return new Finding(isFatal ? FindingSeverity.Error : FindingSeverity.Warning, plugin.Unit.Source, problem, fix) { KeepsFromLoading = isFatal };
        }
    }
}
