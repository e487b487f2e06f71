using System.Reflection;
using System.Runtime.InteropServices;

namespace Chat.PluginHost.Loading;

/// <summary>What a plugin's DLL must be to run in this host: for the loader and the doctor.</summary>
internal static class LoadRules
{
    /// <summary>The interfaces of classes that are hooks, as a message names them.</summary>
    public const string Hooks = "IMessageHook, IMessageGuard, IMessageObserver";

    private static readonly int _host = Environment.Version.Major;

    public static AssemblyName Contract { get; } = typeof(IChatPlugin).Assembly.GetName();

    /// <summary>Checks a plugin's main DLL. Nothing is returned if it can be loaded.</summary>
    public static IEnumerable<LoadProblem> Check(AssemblyFile plugin)
    {
        if (plugin.VersionOf(Contract.Name!) is not { } built)
        {
            yield return new LoadProblem(
                plugin.FileName, $"there is no plugin in it: it does not refer to {Contract.Name}.",
                "If another plugin needs it, put both into a folder named after that plugin.");
        }
        else if (built.Major != Contract.Version!.Major || built > Contract.Version)
        {
            yield return new LoadProblem(
                plugin.FileName,
                $"it was built for {Contract.Name} {built.ToString(3)}, "
                + $"but this host has {Contract.Version.ToString(3)}.",
                "Build it against that version, or update the host.");
        }

        foreach (var problem in CheckPlatform(plugin))
            yield return problem;
    }

    /// <summary>Checks whether an assembly was built for a .NET version and a processor that this host has.</summary>
    public static IEnumerable<LoadProblem> CheckPlatform(AssemblyFile assembly)
    {
        var process = RuntimeInformation.ProcessArchitecture;
        if (assembly.Processor is { } processor && processor != process)
        {
            yield return new LoadProblem(
                assembly.FileName, $"it was built for {processor}, but this host runs on {process}.",
                "Build it for any processor (PlatformTarget AnyCPU).");
        }

        // A DLL that does not say refers to System.Runtime in the version it was built for; for .NET Standard that is
        // below 5.
        var built = assembly.Target is { Identifier: ".NETCoreApp" } target
            ? target.Version
            : assembly.VersionOf("System.Runtime");
        if (built?.Major > _host)
        {
            yield return new LoadProblem(
                assembly.FileName, $"it was built for .NET {built.Major}, but this host runs on .NET {_host}.",
                $"Build it for net{_host}.0, or run the host on .NET {built.Major}.");
        }
    }

    /// <summary>Checks whether a library was built for .NET Framework. The host loads it, but calls may fail.</summary>
    public static LoadProblem? CheckFramework(AssemblyFile assembly) =>
        assembly.Target is { Identifier: ".NETFramework" } target
            ? new LoadProblem(
                assembly.FileName,
                $"it was built for .NET Framework {target.Version}, but this host runs on .NET {_host}.",
                $"Build it for net{_host}.0 or netstandard2.0.")
            : null;

    public static LoadProblem NoPlugin(string file) => new(
        file, "there is no plugin in it.", $"Add a public class that implements {nameof(IChatPlugin)} (or {Hooks}).");

    public static LoadProblem NoConstructor(string file, string type) => new(
        file, $"{type} has no public constructor without parameters.",
        "Add one; what the plugin needs comes with StartAsync.");
}
