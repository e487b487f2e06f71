using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Doctor;

/// <summary>The plugin and all it brings were built for a framework and a processor that the host has.</summary>
internal sealed class TargetCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        foreach (var image in plugin.Dependencies.Images)
        {
            var where = plugin.Shorten(image.File);
            if (image.TargetFramework is { Length: > 0 } target && CheckFramework(where, new FrameworkName(target)) is { } wrongFramework)
                yield return wrongFramework with { KeepsFromLoading = image == plugin.Image };
            if (CheckProcessor(where, image.Headers) is { } wrongProcessor)
                yield return wrongProcessor with { KeepsFromLoading = image == plugin.Image };
        }
    }

    private static Finding? CheckFramework(string where, FrameworkName target)
    {
        var host = Environment.Version;
        var here = $"this host runs on .NET {host.Major}.{host.Minor}";
        return target switch
        {
            { Identifier: ".NETFramework" } => new Finding(
                FindingSeverity.Error, where, $"it was built for .NET Framework {target.Version}, but {here}.", $"Build it with <TargetFramework>net{host.Major}.0</TargetFramework>, or netstandard2.0."),
            { Identifier: ".NETCoreApp" } when target.Version > new Version(host.Major, host.Minor) => new Finding(
                FindingSeverity.Error, where, $"it was built for .NET {target.Version}, but {here}.", $"Build it with <TargetFramework>net{host.Major}.0</TargetFramework>, or update the server."),
            _ => null,
        };
    }

    private static Finding? CheckProcessor(string where, PEHeaders headers)
    {
        var flags = headers.CorHeader?.Flags ?? 0;
        var process = RuntimeInformation.ProcessArchitecture;
        var wanted = (flags & CorFlags.Requires32Bit) != 0 && (flags & CorFlags.Prefers32Bit) == 0 ? Architecture.X86 : headers.CoffHeader.Machine switch
        {
            Machine.Amd64 => Architecture.X64,
            Machine.Arm64 => Architecture.Arm64,
            Machine.Arm or Machine.ArmThumb2 => Architecture.Arm,

            // What is for any processor is marked as for this one; so is nothing else here, as the flag above has been looked at.
            _ => process,
        };
        return wanted == process
            ? null
            : new Finding(
                FindingSeverity.Error, where, $"it was built for {wanted} processors, but this host runs as {process}.", "Build it with <PlatformTarget>AnyCPU</PlatformTarget>, without a RuntimeIdentifier.");
    }
}
