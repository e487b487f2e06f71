using System.Reflection;

namespace Chat.PluginHost.Tests;

/// <summary>The repository's own files: plugins as they were built, scripts as they lie there.</summary>
internal static class RepositoryFiles
{
    private static readonly string _root = Metadata("Root");

    /// <summary>Where a test plugin was built.</summary>
    public static string TestPlugin(string name) => Output(Path.Combine("tests", "TestPlugins", name));

    /// <summary>A program that checks the plugin it is given the path of, and prints the findings.</summary>
    public static string HostAlone =>
        Path.Combine(Output(Path.Combine("tests", "Chat.PluginHost.Alone")), "Chat.PluginHost.Alone.dll");

    /// <summary>Where a plugin of the product was built.</summary>
    public static string FirstPartyPlugin(string name) => Output(Path.Combine("plugins", name));

    /// <summary>Where a sample was built.</summary>
    public static string Sample(string name) => Output(Path.Combine("samples", name));

    /// <summary>A file by its path from the root of the repository.</summary>
    public static string At(string path) => Path.Combine(_root, path);

    /// <summary>Copies a folder with all that is in it.</summary>
    public static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static string Output(string project) =>
        Directory.EnumerateDirectories(Path.Combine(_root, project, "bin", Metadata("Configuration"))).Single();

    private static string Metadata(string key) =>
        typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(each => each.Key == key).Value!;
}
