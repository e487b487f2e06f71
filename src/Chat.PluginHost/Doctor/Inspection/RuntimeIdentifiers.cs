using System.Runtime.InteropServices;

namespace Chat.PluginHost.Doctor.Inspection;

/// <summary>The names under which libraries for this machine are kept, the most specific first.</summary>
internal static class RuntimeIdentifiers
{
    private static readonly string[] _systems =
        OperatingSystem.IsWindows() ? ["win"]
        : OperatingSystem.IsMacOS() ? ["osx", "unix"]
        : RuntimeInformation.RuntimeIdentifier.Split('-', '.') is ["alpine", ..] or [_, "musl", ..]
            ? ["linux-musl", "linux", "unix"]
        : ["linux", "unix"];

    private static readonly string _processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The plain name of this machine, such as <c>linux-x64</c>.</summary>
    public static string Machine { get; } = $"{_systems[0]}-{_processor}";

    /// <summary>All names of this machine. The empty one stands for files that are for any.</summary>
    public static IReadOnlyList<string> Here { get; } =
    [
        RuntimeInformation.RuntimeIdentifier,
        .. _systems.SelectMany(each => (string[])[$"{each}-{_processor}", each]),
        "any",
        "",
    ];
}
