using System.Reflection;
using System.Runtime.Loader;

namespace Chat.PluginHost.Loading;

/// <summary>The host as plugins see it: assemblies are found by simple name, in whatever version the host has. If a
/// version did not match, the package would fall back to the copy a plugin brings, and a second contract has other
/// types of the same names.</summary>
internal sealed class HostContext() : AssemblyLoadContext("host")
{
    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name is { } name && HostAssemblies.Contains(name)
            ? Default.LoadFromAssemblyName(new AssemblyName(name))
            : null;
}
