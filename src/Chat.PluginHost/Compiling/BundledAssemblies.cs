using System.Reflection;

namespace Chat.PluginHost.Compiling;

/// <summary>The host's assemblies: files, or parts of a host published as one file. Safe from any thread.</summary>
internal static class BundledAssemblies
{
    /// <summary>The absolute paths of those that are files.</summary>
    public static IReadOnlySet<string> Files { get; } =
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    /// <summary>Whether the host is one file. Its assemblies then have no path.</summary>
    public static bool Exist => typeof(BundledAssemblies).Assembly.Location.Length == 0;

    /// <summary>An assembly of the host by its simple name, loaded if it is not yet.</summary>
    /// <returns><see langword="null"/> if the host has none of that name.</returns>
    public static Assembly? Find(string name)
    {
        try
        {
            return Assembly.Load(new AssemblyName { Name = name });
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
