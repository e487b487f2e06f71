using System.Text.Json;

namespace Chat.PluginHost.Doctor.Inspection;

/// <summary>What a plugin's <c>deps.json</c> says it needs.</summary>
/// <param name="File">The file.</param>
internal sealed record DependencyManifest(string File)
{
    /// <summary>What is wrong with the file itself; <see langword="null"/> if nothing is.</summary>
    public string? Problem { get; private init; }

    /// <summary>The files that it names.</summary>
    public List<Asset> Assets { get; } = [];

    /// <summary>Reads the file.</summary>
    /// <returns><see langword="null"/> if it does not exist.</returns>
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
            var problem = $"this is not valid JSON (line {exception.LineNumber + 1}).";
            return new DependencyManifest(file) { Problem = problem };
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException)
        {
            var problem = exception.Message.ReplaceLineEndings(" ");
            return new DependencyManifest(file) { Problem = $"it cannot be understood: {problem}" };
        }
    }

    private void Take(JsonElement root)
    {
        var target = root.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
        foreach (var library in root.GetProperty("targets").GetProperty(target).EnumerateObject())
        {
            // Files for every machine lie in the folder itself; files for some keep their path.
            foreach (var kind in (string[])["runtime", "native"])
            {
                foreach (var file in Entries(library.Value, kind))
                    Assets.Add(new Asset(library.Name, kind == "native", "", Path.GetFileName(file.Name)));
            }

            foreach (var file in Entries(library.Value, "runtimeTargets"))
            {
                var isNative = file.Value.TryGetProperty("assetType", out var type) && type.ValueEquals("native");
                Assets.Add(new Asset(library.Name, isNative, file.Value.GetProperty("rid").GetString()!, file.Name));
            }
        }
    }

    private static IEnumerable<JsonProperty> Entries(JsonElement library, string name) =>
        library.TryGetProperty(name, out var entries) ? entries.EnumerateObject() : [];

    /// <summary>One file that a <c>deps.json</c> names.</summary>
    /// <param name="Library">The library it belongs to.</param>
    /// <param name="IsNative">Whether it is a native library, not an assembly.</param>
    /// <param name="Runtime">The machines it is for; empty for any.</param>
    /// <param name="RelativePath">Its path from the plugin's folder.</param>
    internal sealed record Asset(string Library, bool IsNative, string Runtime, string RelativePath)
    {
        /// <summary>Whether it is for this machine.</summary>
        public bool IsForHere => RuntimeIdentifiers.Here.Contains(Runtime, StringComparer.OrdinalIgnoreCase);
    }
}
