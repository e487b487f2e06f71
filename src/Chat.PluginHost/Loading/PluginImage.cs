using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;
using Chat.Plugins;

namespace Chat.PluginHost.Loading;

/// <summary>
/// Checks a plugin's DLL before any of its code is loaded: it must be an assembly built for this host.
/// </summary>
internal static class PluginImage
{
    private static readonly AssemblyName _contract = typeof(IChatPlugin).Assembly.GetName();

    private static readonly Dictionary<Machine, Architecture> _machines = new()
    {
        [Machine.Amd64] = Architecture.X64,
        [Machine.Arm64] = Architecture.Arm64,
        [Machine.Arm] = Architecture.Arm,
        [Machine.ArmThumb2] = Architecture.Arm,
    };

    /// <summary>Checks a plugin's DLL.</summary>
    /// <exception cref="PluginLoadException">It cannot be loaded here; the message says why and what to do.</exception>
    public static void Check(PluginSource plugin)
    {
        try
        {
            using var stream = File.OpenRead(plugin.MainFile);
            using var image = new PEReader(stream, PEStreamOptions.PrefetchEntireImage);
            if (!image.HasMetadata)
            {
                throw Refuse(
                    plugin,
                    "this is a native library, not a .NET assembly. "
                    + "Put native libraries into the folder of the plugin that uses them.");
            }

            var metadata = image.GetMetadataReader();
            CheckContract(plugin, metadata);
            CheckArchitecture(plugin, image.PEHeaders);
            CheckFramework(plugin, metadata);
        }
        catch (BadImageFormatException exception)
        {
            var length = new FileInfo(plugin.MainFile).Length;
            throw Refuse(
                plugin,
                $"this is not a .NET assembly, or only a part of one ({length} bytes). "
                + "If it is still being copied, it is tried again once that is done.",
                exception);
        }
        catch (IOException exception)
        {
            throw Refuse(
                plugin, $"the file cannot be read: {exception.Message} It is tried again when it changes.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Refuse(plugin, "the host is not allowed to read this file. Check its owner and mode.", exception);
        }
    }

    private static void CheckContract(PluginSource plugin, MetadataReader metadata)
    {
        var built = Reference(metadata, _contract.Name!) ?? throw Refuse(
            plugin,
            $"there is no plugin in it: it does not refer to {_contract.Name}. "
            + "If another plugin needs it, put both into a folder named after that plugin.");
        if (built.Major != _contract.Version!.Major || built > _contract.Version)
        {
            throw Refuse(
                plugin,
                $"it was built for {_contract.Name} {built.ToString(3)}, but this host has "
                + $"{_contract.Version.ToString(3)}. Build it against that version, or update the host.");
        }
    }

    private static void CheckArchitecture(PluginSource plugin, PEHeaders headers)
    {
        Architecture built;
        if (headers.CoffHeader.Machine == Machine.I386)
        {
            // Also the mark of "any": only an assembly that requires 32 bits, and does not just prefer them, is for
            // x86.
            var flags = headers.CorHeader?.Flags ?? 0;
            if (!flags.HasFlag(CorFlags.Requires32Bit) || flags.HasFlag(CorFlags.Prefers32Bit))
                return;
            built = Architecture.X86;
        }
        else if (!_machines.TryGetValue(headers.CoffHeader.Machine, out built))
        {
            // Compiled ahead of time for one operating system: the runtime knows whether it is this one.
            return;
        }

        if (built != RuntimeInformation.ProcessArchitecture)
        {
            throw Refuse(
                plugin,
                $"it was built for {built}, but this host runs on {RuntimeInformation.ProcessArchitecture}. "
                + "Build it for any processor (PlatformTarget AnyCPU).");
        }
    }

    private static void CheckFramework(PluginSource plugin, MetadataReader metadata)
    {
        // Every DLL refers to it in the version it was built for; in .NET Standard and older ones that is below 5.
        var built = Reference(metadata, "System.Runtime");
        var host = Environment.Version.Major;
        if (built is not null && built.Major > host)
        {
            throw Refuse(
                plugin,
                $"it was built for .NET {built.Major}, but this host runs on .NET {host}. "
                + $"Build it for net{host}.0, or run the host on .NET {built.Major}.");
        }
    }

    private static PluginLoadException Refuse(PluginSource plugin, string why, Exception? cause = null) =>
        new($"{plugin.Source}: {why}", cause);

    private static Version? Reference(MetadataReader metadata, string name) => metadata.AssemblyReferences
        .Select(metadata.GetAssemblyReference)
        .Where(reference => metadata.StringComparer.Equals(reference.Name, name))
        .Select(reference => reference.Version)
        .FirstOrDefault();
}
