using System.Reflection;

namespace Chat.PluginHost.Doctor;

/// <summary>All assemblies that a plugin needs, found as the loader finds them: by metadata alone, from each to those
/// it refers to.</summary>
internal sealed class DependencyClosure : IDisposable
{
    private readonly CheckedPlugin _plugin;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AssemblyFile> _images = [];
    private readonly List<MissingAssembly> _missing = [];

    public DependencyClosure(CheckedPlugin plugin)
    {
        _plugin = plugin;
        if (plugin.Image is { } main)
            _images.Add(main);
        foreach (var (name, library) in plugin.Script?.Libraries ?? new Dictionary<string, string>())
        {
            _known.Add(name);
            Open(library);
        }

        // The list grows while it is walked through.
        for (var index = 0; index < _images.Count; index++)
        {
            foreach (var reference in _images[index].References)
                Follow(reference, _images[index]);
        }
    }

    /// <summary>The plugin's own assemblies, its main one first.</summary>
    public IReadOnlyList<AssemblyFile> Images => _images;

    /// <summary>The assemblies that are not there.</summary>
    public IReadOnlyList<MissingAssembly> Missing => _missing;

    public void Dispose() => _images.ForEach(image => image.Dispose());

    private void Follow(AssemblyName reference, AssemblyFile from)
    {
        if (HostAssemblies.Contains(reference.Name!) || !_known.Add(reference.Name!))
            return;
        var places = Places($"{reference.Name}.dll").Distinct(StringComparer.Ordinal).ToList();
        if (places.Find(IsBrought) is { } file)
            Open(file);
        else
            _missing.Add(new MissingAssembly(reference, Path.GetFileName(from.Path), places));
    }

    private void Open(string file)
    {
        if (AssemblyFile.Open(file).Assembly is { } image)
            _images.Add(image);
    }

    /// <summary>Where the loader looks: as deps.json says, then beside the plugin; for a script beside each library it
    /// names.</summary>
    private IEnumerable<string> Places(string file)
    {
        if (_plugin.Script is { } script)
            return script.Libraries.Values.Select(library => Path.Combine(Path.GetDirectoryName(library)!, file));
        return (_plugin.Manifest?.Assets ?? [])
            .Where(asset => asset is { IsNative: false, IsForHere: true })
            .Where(asset => Path.GetFileName(asset.RelativePath).Equals(file, StringComparison.OrdinalIgnoreCase))
            .Select(asset => asset.RelativePath)
            .Append(file)
            .Select(path => Path.GetFullPath(path, _plugin.Folder));
    }

    /// <summary>Only what belongs to a plugin is copied along when it is loaded.</summary>
    private bool IsBrought(string file) =>
        _plugin.Script is null ? _plugin.Unit.Files.Contains(file) : File.Exists(file);

    /// <summary>An assembly that a plugin does not bring.</summary>
    /// <param name="Name">The assembly.</param>
    /// <param name="NeededBy">The file that refers to it.</param>
    /// <param name="Looked">Every path it was looked for at.</param>
    internal sealed record MissingAssembly(AssemblyName Name, string NeededBy, IReadOnlyList<string> Looked);
}
