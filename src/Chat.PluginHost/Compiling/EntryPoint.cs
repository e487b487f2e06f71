using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Chat.PluginHost.Compiling;

/// <summary>A class of an assembly that implements an interface of plugins or hooks.</summary>
/// <param name="Name">Its full name in C#.</param>
/// <param name="IsPlugin">Whether it implements <see cref="IChatPlugin"/>; if not, it is a hook.</param>
internal sealed record EntryPoint(string Name, bool IsPlugin)
{
    public bool IsPublic { get; init; }
    public bool IsAbstract { get; init; }
    public bool IsGeneric { get; init; }

    /// <summary>Whether it has a public constructor without parameters.</summary>
    public bool CanBeCreated { get; init; }

    /// <summary>Finds the entry points of an assembly in its metadata. None of its code is loaded.</summary>
    /// <returns>The entry points; <see langword="null"/> if there is none, but a class derives from an unknown one,
    /// which may implement anything.</returns>
    public static IReadOnlyList<EntryPoint>? Find(string file, IEnumerable<string> references)
    {
        var main = MetadataReference.CreateFromFile(file);
        var others = references.Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("check", references: [main, .. others]);
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(main)!;
        var classes = Types(assembly.GlobalNamespace).Where(type => type.TypeKind == TypeKind.Class).ToList();
        var entries = classes.Select(Read).OfType<EntryPoint>().ToList();
        return entries.Count == 0 && classes.Exists(HasUnknownBase) ? null : entries;
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(member =>
            member is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(member));

    private static EntryPoint? Read(INamedTypeSymbol type)
    {
        var names = type.AllInterfaces.Select(each => each.ToDisplayString()).ToList();
        var isPlugin = names.Contains(typeof(IChatPlugin).FullName!);
        Type[] hooks = [typeof(IMessageHook), typeof(IMessageGuard), typeof(IMessageObserver)];
        return isPlugin || Array.Exists(hooks, hook => names.Contains(hook.FullName!))
            ? new EntryPoint(type.ToDisplayString(), isPlugin)
            {
                IsPublic = IsVisible(type),
                IsAbstract = type.IsAbstract,
                IsGeneric = type.IsGenericType,
                CanBeCreated = type.InstanceConstructors.Any(constructor =>
                    constructor is { DeclaredAccessibility: Accessibility.Public, Parameters.Length: 0 }),
            }
            : null;
    }

    private static bool IsVisible(INamedTypeSymbol? type) =>
        type is null || (type.DeclaredAccessibility == Accessibility.Public && IsVisible(type.ContainingType));

    /// <summary>The framework's classes, which are not at hand, implement no interface of the contract.</summary>
    private static bool HasUnknownBase(INamedTypeSymbol type) => type.BaseType is { } parent
        && (parent.TypeKind == TypeKind.Error
            ? parent.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) != true
            : HasUnknownBase(parent));
}
