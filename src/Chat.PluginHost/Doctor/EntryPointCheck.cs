using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Chat.PluginHost.Doctor;

/// <summary>Checks that a DLL has a class that the host can create and start. The compiler reads the
/// metadata.</summary>
internal static class EntryPointCheck
{
    private const string Plugin = "IChatPlugin";

    private static readonly string[] _hooks = ["IMessageHook", "IMessageGuard", "IMessageObserver"];

    public static IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        // If it does not refer to the contract, that is reported elsewhere.
        if (plugin.Image?.VersionOf(LoadRules.Contract.Name!) is null)
            return [];
        var files = plugin.Dependencies.Images.Select(image => MetadataReference.CreateFromFile(image.Path)).ToList();
        var compilation = CSharpCompilation.Create("check", references: files);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(files[0])!;
        var classes = Types(assembly.GlobalNamespace).Where(type => type.TypeKind == TypeKind.Class).ToList();
        var plugins = classes.FindAll(type => Implements(type, [Plugin]));
        var entries = plugins.Count > 0 ? plugins : classes.FindAll(type => Implements(type, _hooks));
        if (entries.Count == 0 && !classes.Exists(HasUnknownBase))
        {
            return [Finding.Fatal(
                plugin.Unit.Source,
                "there is no plugin in it.",
                $"Add a public class that implements {Plugin} (or {string.Join(", ", _hooks)}).")];
        }

        var hasGood = entries.Exists(type => Problem(type) is null);
        return from type in entries
               let problem = Problem(type)
               where problem is not null
               let isFatal = !hasGood || problem.KeepsFromLoading
               where isFatal || plugins.Count > 0
               let severity = isFatal ? FindingSeverity.Error : FindingSeverity.Warning
               select problem with { Where = plugin.Unit.Source, Severity = severity, KeepsFromLoading = isFatal };
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(member =>
            member is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(member));

    private static bool Implements(INamedTypeSymbol type, string[] interfaces) => type.AllInterfaces.Any(each =>
        interfaces.Contains(each.Name) && each.ContainingNamespace.ToDisplayString() is "Chat.Plugins" or "Chat.Hooks");

    /// <summary>Whether a class derives from one that is not at hand, which may implement anything. The framework's do
    /// not.</summary>
    private static bool HasUnknownBase(INamedTypeSymbol type) => type.BaseType is { } parent
        && (parent.TypeKind == TypeKind.Error
            ? parent.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) != true
            : HasUnknownBase(parent));

    /// <returns>Why the host cannot create an object; <see langword="null"/> if it can.</returns>
    private static Finding? Problem(INamedTypeSymbol type)
    {
        var name = type.ToDisplayString();
        var what = type.AllInterfaces.Any(each => each.Name == Plugin) ? Plugin : "a hook's interface";
        return !IsPublic(type)
            ? Found($"{name} implements {what}, but is not public, so the host does not see it.", "Make it public.")
            : type.IsAbstract
            ? Found($"{name} implements {what}, but is abstract.", "Make it a class that can be created.")
            : type.IsGenericType
            ? Found($"{name} implements {what}, but has type parameters.", "Derive a class that has none.")
            : !type.InstanceConstructors.Any(IsPlain)
            ? Finding.Fatal(
                "",
                $"{name} has no public constructor without parameters.",
                "Add one; what the plugin needs comes with StartAsync.")
            : null;

        static bool IsPlain(IMethodSymbol constructor) =>
            constructor is { DeclaredAccessibility: Accessibility.Public, Parameters.Length: 0 };

        static Finding Found(string problem, string fix) => new(FindingSeverity.Warning, "", problem, fix);
    }

    private static bool IsPublic(INamedTypeSymbol? type) =>
        type is null || (type.DeclaredAccessibility == Accessibility.Public && IsPublic(type.ContainingType));
}
