namespace Chat.PluginHost.Loading;

/// <summary>The parts of the framework that a plugin gets a copy of its own of, if its code describes types.
/// <c>TypeDescriptor</c> never forgets a type it has seen, and Newtonsoft.Json shows it every type: a private copy and
/// what it remembers are unloaded with the plugin. <c>netstandard</c> leads to it in libraries built for .NET
/// Standard.</summary>
internal static class PrivateCopies
{
    private const string Describer = "System.ComponentModel.TypeDescriptor";

    private static readonly string[] _names = ["System.ComponentModel.TypeConverter", "netstandard"];

    /// <summary>Adds them to a plugin's copy, if the plugin needs them and the host has them as files.</summary>
    /// <returns>The names of the assemblies added.</returns>
    /// <exception cref="IOException">A file cannot be written, for example because the disk is full.</exception>
    public static IReadOnlyList<string> AddTo(ShadowCopy copy, string folder, IEnumerable<string> files)
    {
        if (HostAssemblies.FrameworkFolder is not { } framework
            || !files.Any(file => AssemblyFile.Read(file).Assembly is { } read && read.Types.Contains(Describer)))
            return [];
        var relative = Path.GetRelativePath(copy.Folder, folder);
        foreach (var name in _names)
            copy.Add(Path.Combine(framework, $"{name}.dll"), Path.Combine(relative, $"{name}.dll"));
        return _names;
    }
}
