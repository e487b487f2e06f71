using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using Chat.PluginHost.Loading;

namespace Chat.PluginHost.Crashes;

/// <summary>Finds out which plugin has called <see cref="Environment.Exit"/>.</summary>
internal static class ExitCalls
{
    /// <summary>
    /// The plugin on the stack; when there is none, those that have such a call in them at all: compiled well, a method that ends with the
    /// call is gone from the stack.
    /// </summary>
    /// <param name="stack">The stack of the thread that ends the process.</param>
    /// <returns>Assemblies of plugins, of versions that are live or not.</returns>
    public static IReadOnlyList<Assembly> Suspects(StackTrace stack) =>
        PluginFrames.Innermost(stack) is { } plugin ? [plugin] : [.. PluginContexts.Loaded().Where(HasCall)];

    /// <summary>The same, by the plugins' files.</summary>
    public static IReadOnlyList<string> SuspectSources(StackTrace stack) =>
        [.. Suspects(stack).Select(PluginContexts.SourceOf).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];

    private static unsafe bool HasCall(Assembly assembly)
    {
        if (!assembly.TryGetRawMetadata(out var blob, out var length))
            return false;
        var metadata = new MetadataReader(blob, length);
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference
                && metadata.StringComparer.Equals(member.Name, nameof(Environment.Exit))
                && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name, nameof(Environment)))
                return true;
        }

        return false;
    }
}
