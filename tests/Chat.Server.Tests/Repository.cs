namespace Chat.Server.Tests;

/// <summary>The paths of the repository and its build output.</summary>
internal static class Repository
{
    /// <summary>The root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary><c>Debug</c> or <c>Release</c>, like the tests.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The server that was built with the tests.</summary>
    public static string ServerFile =>
        Path.Combine(Root, "src", "Chat.Server", "bin", Configuration, "net10.0", "chat-server.dll");

    /// <summary>The bundled plugins that were built with the server.</summary>
    public static string BundledPlugins => Path.Combine(Path.GetDirectoryName(ServerFile)!, "plugins");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Chat.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException(
                "The tests do not run inside the repository.");
        return folder.FullName;
    }
}
