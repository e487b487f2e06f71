using System.Text.Json;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Doctor;

/// <summary>What a plugin's <c>deps.json</c> says it needs.</summary>
internal sealed class DependencyManifest
{
    private readonly List<DependencyAsset> _managed = [];
    private readonly List<DependencyAsset> _native = [];

    private DependencyManifest(string file) => File = file;

    public string File { get; }

    /// <summary>What is wrong with the file itself.</summary>
    public string? Problem { get; private init; }

    /// <summary>The assemblies.</summary>
    public IReadOnlyList<DependencyAsset> Managed => _managed;

    /// <summary>The native libraries.</summary>
    public IReadOnlyList<DependencyAsset> Native => _native;

    /// <summary>Reads the file.</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public static DependencyManifest? Read(string file)
    {
        if (!System.IO.File.Exists(file))
            return null;
        try
        {
            var manifest = new DependencyManifest(file);
            using var json = JsonDocument.Parse(PluginSource.IsEmpty(file) ? "" : System.IO.File.ReadAllText(file));
            manifest.Take(json.RootElement);
            return manifest;
        }
        catch (JsonException exception)
        {
            return new DependencyManifest(file) { Problem = $"this is not valid JSON (line {exception.LineNumber + 1})." };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException)
        {
            return new DependencyManifest(file) { Problem = $"it cannot be understood: {exception.Message.ReplaceLineEndings(" ")}" };
        }
    }

    private void Take(JsonElement root)
    {
        var target = root.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        foreach (var library in root.GetProperty("targets").GetProperty(target).EnumerateObject())
        {
            // What is for every machine has been laid flat into the folder; what is for some keeps its path.
            foreach (var asset in Entries(library.Value, "runtime"))
                _managed.Add(new DependencyAsset(library.Name, "", Path.GetFileName(asset.Name)));
            foreach (var asset in Entries(library.Value, "native"))
                _native.Add(new DependencyAsset(library.Name, "", Path.GetFileName(asset.Name)));
            foreach (var asset in Entries(library.Value, "runtimeTargets"))
            {
                var kind = asset.Value.TryGetProperty("assetType", out var type) && type.GetString() == "native" ? _native : _managed;
                kind.Add(new DependencyAsset(library.Name, asset.Value.GetProperty("rid").GetString()!, asset.Name));
            }
        }
    }

    private static IEnumerable<JsonProperty> Entries(JsonElement library, string name) =>
        library.TryGetProperty(name, out var entries) ? entries.EnumerateObject() : [];
}
