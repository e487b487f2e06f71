using System.Reflection;
using Chat.PluginHost.Loading;

namespace Chat.PluginHost.Doctor;

/// <summary>All assemblies a plugin needs, found as the loader finds them: by metadata alone, from each to those it refers to.</summary>
internal sealed class DependencyClosure : IDisposable
{
    private readonly CheckedPlugin _plugin;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AssemblyImage> _opened = [];
    private readonly List<MissingDependency> _missing = [];

    public DependencyClosure(CheckedPlugin plugin)
    {
        _plugin = plugin;
        var open = new Queue<AssemblyImage>();
        if (plugin.Image is { } main)
            open.Enqueue(main);
        foreach (var (name, library) in plugin.Script?.Libraries ?? new Dictionary<string, string>())
        {
            _known.Add(name);
            Open(library, open);
        }

        while (open.TryDequeue(out var image))
        {
            foreach (var reference in image.References)
                Follow(reference, image, open);
        }
    }

    /// <summary>The plugin's own assemblies, its main one first.</summary>
    public IEnumerable<AssemblyImage> Images => _plugin.Image is { } main ? _opened.Prepend(main) : _opened;

    /// <summary>Those that are not there.</summary>
    public IReadOnlyList<MissingDependency> Missing => _missing;

    public void Dispose()
    {
        foreach (var image in _opened)
            image.Dispose();
    }

    private void Follow(AssemblyName reference, AssemblyImage from, Queue<AssemblyImage> open)
    {
        if (HostAssemblies.Contains(reference.Name!) || !_known.Add(reference.Name!))
            return;
        var places = Places(reference.Name!).Distinct(StringComparer.Ordinal).ToList();
        if (places.Find(Brings) is { } file)
            Open(file, open);
        else
            _missing.Add(new MissingDependency(reference, from.FileName, places));
    }

    private void Open(string file, Queue<AssemblyImage> open)
    {
        if (AssemblyImage.Open(file, out _) is not { } image)
            return;
        _opened.Add(image);
        open.Enqueue(image);
    }

    /// <summary>Where the loader looks: as the deps.json says, then beside the plugin; for a script beside each library it names.</summary>
    private IEnumerable<string> Places(string name)
    {
        var file = $"{name}.dll";
        if (_plugin.Script is { } script)
            return script.Libraries.Values.Select(library => Path.Combine(Path.GetDirectoryName(library)!, file));
        var folder = Path.GetDirectoryName(_plugin.Unit.MainFile)!;
        return (_plugin.Manifest?.Managed ?? [])
            .Where(asset => asset.IsForHere && string.Equals(Path.GetFileName(asset.Path), file, StringComparison.OrdinalIgnoreCase))
            .Select(asset => Path.GetFullPath(asset.Path, folder))
            .Append(Path.Combine(folder, file));
    }

    /// <summary>Only what belongs to a plugin is copied along when it is loaded.</summary>
    private bool Brings(string file) => _plugin.Script is null ? _plugin.Unit.Files.Contains(file) : File.Exists(file);
}
