using System.Reflection;
using System.Reflection.Metadata;

namespace Chat.PluginHost.Doctor;

/// <summary>The classes an assembly declares, and which interfaces of the contract they implement, by metadata alone.</summary>
internal sealed class DeclaredTypes(MetadataReader metadata)
{
    private readonly List<TypeDefinition> _classes =
        [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(type => (type.Attributes & TypeAttributes.Interface) == 0)];

    /// <summary>Whether a class derives from one of another assembly than the framework's, which may implement anything.</summary>
    public bool HasForeignBases => _classes.Exists(type =>
        type.BaseType is { Kind: HandleKind.TypeReference, IsNil: false } parent
        && !metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)parent).Namespace).StartsWith("System", StringComparison.Ordinal));

    /// <summary>The classes that implement one of some interfaces of the contract, themselves or by a base class.</summary>
    public IReadOnlyList<TypeDefinition> Implementing(IReadOnlyCollection<string> interfaces) => [.. _classes.Where(type => Implements(type, interfaces))];

    public string NameOf(TypeDefinition type)
    {
        var name = metadata.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
            return $"{NameOf(metadata.GetTypeDefinition(outer))}.{name}";
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    public bool IsPublic(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsPublic(metadata.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    public bool HasPlainConstructor(TypeDefinition type) => type.GetMethods().Select(metadata.GetMethodDefinition).Any(method =>
        metadata.StringComparer.Equals(method.Name, ".ctor")
        && (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public
        && TakesNothing(method));

    /// <summary>Whether the host would make an object of it.</summary>
    public bool CanStart(TypeDefinition type) =>
        IsPublic(type) && (type.Attributes & TypeAttributes.Abstract) == 0 && type.GetGenericParameters().Count == 0 && HasPlainConstructor(type);

    private bool Implements(TypeDefinition type, IReadOnlyCollection<string> interfaces)
    {
        if (type.GetInterfaceImplementations().Any(each => IsOneOf(metadata.GetInterfaceImplementation(each).Interface, interfaces)))
            return true;
        return type.BaseType is { Kind: HandleKind.TypeDefinition, IsNil: false } parent
            && Implements(metadata.GetTypeDefinition((TypeDefinitionHandle)parent), interfaces);
    }

    private bool IsOneOf(EntityHandle type, IReadOnlyCollection<string> names)
    {
        if (type.Kind != HandleKind.TypeReference)
            return false;
        var reference = metadata.GetTypeReference((TypeReferenceHandle)type);
        return names.Contains(metadata.GetString(reference.Name)) && metadata.GetString(reference.Namespace) is "Chat.Plugins" or "Chat.Hooks";
    }

    private bool TakesNothing(MethodDefinition method)
    {
        // A signature begins with its kind and the number of parameters.
        var signature = metadata.GetBlobReader(method.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger() == 0;
    }
}
