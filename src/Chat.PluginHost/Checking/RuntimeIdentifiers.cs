using System.Runtime.InteropServices;

namespace Chat.PluginHost.Checking;

/// <summary>The names under which libraries for this machine are kept, the most exact first.</summary>
internal static class RuntimeIdentifiers
{
    /// <summary>Those of this machine; the empty one stands for files that are for any.</summary>
    public static IReadOnlyList<string> Here { get; } = [.. Names().Append("any").Append("").Distinct(StringComparer.OrdinalIgnoreCase)];

    private static IEnumerable<string> Names()
    {
        var own = RuntimeInformation.RuntimeIdentifier;
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string[] systems = OperatingSystem.IsWindows() ? ["win"]
            : OperatingSystem.IsMacOS() ? ["osx", "unix"]
            : own.Contains("musl", StringComparison.Ordinal) || own.StartsWith("alpine", StringComparison.Ordinal) ? ["linux-musl", "linux", "unix"]
            : ["linux", "unix"];
        return systems.SelectMany(system => (string[])[$"{system}-{architecture}", system]).Prepend(own);
    }
}
