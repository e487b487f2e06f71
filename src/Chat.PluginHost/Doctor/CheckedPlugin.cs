namespace Chat.PluginHost.Doctor;

/// <summary>A plugin as the checks see it: its files, read but not run.</summary>
internal sealed class CheckedPlugin : IDisposable
{
    private CheckedPlugin(PluginSource unit, CompiledScript? script, AssemblyFile? image, LoadProblem? problem)
    {
        (Unit, Script, Image, Problem) = (unit, script, image, problem);
        if (unit.Kind == PluginKind.Dll)
            Manifest = DependencyManifest.Read(Path.ChangeExtension(unit.MainFile, ".deps.json"));
        Dependencies = new DependencyClosure(this);
    }

    public PluginSource Unit { get; }

    /// <summary>The result of compiling it; <see langword="null"/> for a DLL.</summary>
    public CompiledScript? Script { get; }

    /// <summary>The DLL itself; <see langword="null"/> for a script and for a file that is no assembly.</summary>
    public AssemblyFile? Image { get; }

    /// <summary>Why its main file cannot be read; <see langword="null"/> if it can.</summary>
    public LoadProblem? Problem { get; }

    /// <summary>What its <c>deps.json</c> says; <see langword="null"/> if it has none.</summary>
    public DependencyManifest? Manifest { get; }

    /// <summary>All assemblies it needs, directly or through another.</summary>
    public DependencyClosure Dependencies { get; }

    /// <summary>The folder of its main file.</summary>
    public string Folder => Path.GetDirectoryName(Unit.MainFile)!;

    /// <summary>Whether its <c>runtimeconfig.json</c> asks for the ASP.NET Core framework.</summary>
    public bool NeedsAspNetCore => Path.ChangeExtension(Unit.MainFile, ".runtimeconfig.json") is var file
        && Unit.Files.Contains(file) && !PluginSource.IsEmpty(file)
        && File.ReadAllText(file).Contains("\"Microsoft.AspNetCore.App\"", StringComparison.Ordinal);

    /// <summary>Reads a plugin's files; a script is compiled.</summary>
    public static CheckedPlugin Open(PluginSource unit, ScriptCompiler compiler, CancellationToken cancellationToken)
    {
        if (unit.Kind == PluginKind.Dll || PluginSource.IsEmpty(unit.MainFile))
        {
            var (image, problem) = AssemblyFile.Open(unit.MainFile);
            return new CheckedPlugin(unit, null, image, problem);
        }

        try
        {
            var script = compiler.Compile(unit.MainFile, $"{unit.Id}-check", unit.Shorten, cancellationToken);
            return new CheckedPlugin(unit, script, null, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckedPlugin(unit, null, null, AssemblyFile.Unreadable(exception));
        }
    }

    /// <summary>A path as people know it: relative to the plugin's folder if it lies in there.</summary>
    public string Shorten(string file) => Unit.Shorten(file);

    public void Dispose() => Dependencies.Dispose();
}
