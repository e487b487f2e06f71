using System.Runtime.InteropServices;

namespace Chat.PluginHost.Doctor;

/// <summary>The names under which libraries for this machine are kept, the most exact first.</summary>
internal static class RuntimeIdentifiers
{
    private static readonly string[] _systems =
        OperatingSystem.IsWindows() ? ["win"]
        : OperatingSystem.IsMacOS() ? ["osx", "unix"]
        : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal) ? ["linux-musl", "linux", "unix"]
        : ["linux", "unix"];

    private static readonly string _processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The plain name of this machine: <c>linux-x64</c>.</summary>
    public static string Machine { get; } = $"{_systems[0]}-{_processor}";

    /// <summary>All names of this machine; the empty one stands for files that are for any.</summary>
    public static IReadOnlyList<string> Here { get; } =
        [.. _systems.SelectMany(system => (string[])[$"{system}-{_processor}", system]).Prepend(RuntimeInformation.RuntimeIdentifier).Append("any").Append("").Distinct()];
}
