using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;

namespace Chat.PluginHost.Crashes;

/// <summary>Finds the plugin code on a stack, and who has called <see cref="Environment.Exit"/>.</summary>
internal static class ExitCalls
{
    /// <returns>The innermost plugin assembly on the stack; <see langword="null"/> if there is none.</returns>
    public static Assembly? Innermost(StackTrace stack) => stack.GetFrames()
        .Select(frame => frame.GetMethod()?.Module.Assembly)
        .FirstOrDefault(assembly => assembly is { IsCollectible: true });

    /// <summary>The plugin on the stack. If there is none, every plugin that contains such a call: the compiler may
    /// remove a method that ends with the call from the stack.</summary>
    /// <returns>Assemblies of plugins, of versions that are live or not.</returns>
    public static IReadOnlyList<Assembly> Suspects(StackTrace stack) =>
        Innermost(stack) is { } plugin ? [plugin] : [.. PluginContexts.Loaded().Where(HasCall)];

    /// <summary>The same, by the plugins' files.</summary>
    public static IReadOnlyList<string> SuspectSources(StackTrace stack) =>
        [.. Suspects(stack)
            .Select(PluginContexts.SourceOf)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)];

    private static unsafe bool HasCall(Assembly assembly)
    {
        if (!assembly.TryGetRawMetadata(out var blob, out var length))
            return false;
        var metadata = new MetadataReader(blob, length);
        return metadata.MemberReferences
            .Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Where(member => metadata.StringComparer.Equals(member.Name, nameof(Environment.Exit)))
            .Select(member => metadata.GetTypeReference((TypeReferenceHandle)member.Parent))
            .Any(type => metadata.StringComparer.Equals(type.Name, nameof(Environment)));
    }
}
