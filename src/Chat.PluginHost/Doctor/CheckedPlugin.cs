using System.Reflection;

namespace Chat.PluginHost.Doctor;

/// <summary>A plugin as the checks see it: its files and all assemblies it needs, read but not run.</summary>
internal sealed class CheckedPlugin
{
    private readonly List<AssemblyFile> _images = [];
    private readonly List<MissingAssembly> _missing = [];

    private CheckedPlugin(PluginSource source, CompiledScript? script, AssemblyFile? image, LoadProblem? problem)
    {
        (Source, Script, Image, Problem) = (source, script, image, problem);
        if (source.Kind == PluginKind.Dll)
            Manifest = DependencyManifest.Read(Path.ChangeExtension(source.MainFile, ".deps.json"));
        FindAssemblies();
    }

    public PluginSource Source { get; }

    /// <summary>The result of compiling it; <see langword="null"/> for a DLL.</summary>
    public CompiledScript? Script { get; }

    /// <summary>The DLL itself; <see langword="null"/> for a script and for a file that is no assembly.</summary>
    public AssemblyFile? Image { get; }

    /// <summary>Why its main file cannot be read; <see langword="null"/> if it can.</summary>
    public LoadProblem? Problem { get; }

    /// <summary>What its <c>deps.json</c> says; <see langword="null"/> if it has none.</summary>
    public DependencyManifest? Manifest { get; }

    /// <summary>The plugin's own assemblies, its main one first.</summary>
    public IReadOnlyList<AssemblyFile> Images => _images;

    /// <summary>The assemblies that it needs, directly or through another, and that are not there.</summary>
    public IReadOnlyList<MissingAssembly> Missing => _missing;

    /// <summary>The folder of its main file.</summary>
    public string Folder => Path.GetDirectoryName(Source.MainFile)!;

    /// <summary>Whether its <c>runtimeconfig.json</c> asks for the ASP.NET Core framework.</summary>
    public bool NeedsAspNetCore => Path.ChangeExtension(Source.MainFile, ".runtimeconfig.json") is var file
        && Source.Files.Contains(file) && !PluginSource.IsEmpty(file)
        && File.ReadAllText(file).Contains("\"Microsoft.AspNetCore.App\"", StringComparison.Ordinal);

    /// <summary>Reads a plugin's files; a script is compiled.</summary>
    public static CheckedPlugin Open(PluginSource source, ScriptCompiler compiler, CancellationToken cancellationToken)
    {
        if (source.Kind == PluginKind.Dll || PluginSource.IsEmpty(source.MainFile))
        {
            var (image, problem) = AssemblyFile.Read(source.MainFile);
            return new CheckedPlugin(source, null, image, problem);
        }

        try
        {
            var script = compiler.Compile(source.MainFile, $"{source.Id}-check", source.Shorten, cancellationToken);
            return new CheckedPlugin(source, script, null, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckedPlugin(source, null, null, AssemblyFile.Unreadable(source.Source, exception));
        }
    }

    /// <summary>Finds them as the loader does: from each to those it refers to.</summary>
    private void FindAssemblies()
    {
        var known = new HashSet<string>(Script?.Libraries.Keys ?? [], StringComparer.OrdinalIgnoreCase);
        _images.AddRange((Image is null ? [] : (AssemblyFile[])[Image])
            .Concat((Script?.Libraries.Values ?? []).Select(Read).OfType<AssemblyFile>()));

        // The list grows while it is walked through.
        for (var index = 0; index < _images.Count; index++)
        {
            foreach (var reference in _images[index].References
                .Where(each => !HostAssemblies.Contains(each.Name!) && known.Add(each.Name!)))
            {
                var places = Places($"{reference.Name}.dll").Distinct(StringComparer.Ordinal).ToList();
                if (places.Find(IsBrought) is not { } file)
                    _missing.Add(new MissingAssembly(reference, _images[index].FileName, places));
                else if (Read(file) is { } image)
                    _images.Add(image);
            }
        }

        static AssemblyFile? Read(string file) => AssemblyFile.Read(file).Assembly;

        // Only what belongs to a plugin is copied along when it is loaded.
        bool IsBrought(string file) => Script is null ? Source.Files.Contains(file) : File.Exists(file);
    }

    /// <summary>Where the loader looks: as deps.json says, then beside the plugin or a script's libraries.</summary>
    private IEnumerable<string> Places(string file) => Script is not null
        ? Script.Libraries.Values.Select(library => Path.Combine(Path.GetDirectoryName(library)!, file))
        : (Manifest?.Assets ?? [])
            .Where(asset => asset is { IsNative: false, IsForHere: true })
            .Where(asset => Path.GetFileName(asset.RelativePath).Equals(file, StringComparison.OrdinalIgnoreCase))
            .Select(asset => asset.RelativePath)
            .Append(file)
            .Select(path => Path.GetFullPath(path, Folder));

    internal sealed record MissingAssembly(AssemblyName Name, string NeededBy, IReadOnlyList<string> Looked);
}
