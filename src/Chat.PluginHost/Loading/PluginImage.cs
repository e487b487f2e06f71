namespace Chat.PluginHost.Loading;

/// <summary>Checks a plugin's DLL before any of its code is loaded: it must be an assembly built for this
/// host.</summary>
internal static class PluginImage
{
    /// <summary>Checks a plugin's DLL by the same rules as the doctor.</summary>
    /// <exception cref="PluginLoadException">It cannot be loaded here; the message says why and what to do.</exception>
    public static void Check(PluginSource plugin)
    {
        var (assembly, problem) = AssemblyFile.Open(plugin.MainFile);
        using (assembly)
            problem ??= LoadRules.Check(assembly!).FirstOrDefault();
        if (problem is not null)
            throw new PluginLoadException($"{plugin.Source}: {problem.Problem} {problem.Fix}");
    }
}
