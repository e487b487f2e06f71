using System.Text.Json;

namespace Chat.PluginHost.Doctor.Inspection;

/// <summary>What a plugin's <c>deps.json</c> says it needs.</summary>
internal sealed record DependencyManifest(string File, List<DependencyManifest.Asset> Assets, string? Problem = null)
{
    /// <summary>Reads the file.</summary>
    /// <returns><see langword="null"/> if it does not exist.</returns>
    public static DependencyManifest? Read(string file)
    {
        if (!System.IO.File.Exists(file))
            return null;
        try
        {
            using var json = JsonDocument.Parse(PluginSource.IsEmpty(file) ? "" : System.IO.File.ReadAllText(file));
            var target = json.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            var libraries = json.RootElement.GetProperty("targets").GetProperty(target).EnumerateObject();
            return new DependencyManifest(file, [.. libraries.SelectMany(AssetsOf)]);
        }
        catch (JsonException exception)
        {
            return new DependencyManifest(file, [], $"this is not valid JSON (line {exception.LineNumber + 1}).");
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or InvalidOperationException or KeyNotFoundException)
        {
            return new DependencyManifest(
                file, [], $"it cannot be understood: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Files for every machine lie in the folder itself; files for some keep their path.</summary>
    private static IEnumerable<Asset> AssetsOf(JsonProperty library) =>
    [
        .. from kind in (string[])["runtime", "native"]
           from file in Entries(library.Value, kind)
           select new Asset(library.Name, kind == "native", "", Path.GetFileName(file.Name)),
        .. from file in Entries(library.Value, "runtimeTargets")
           let isNative = file.Value.TryGetProperty("assetType", out var type) && type.ValueEquals("native")
           select new Asset(library.Name, isNative, file.Value.GetProperty("rid").GetString()!, file.Name),
    ];

    private static IEnumerable<JsonProperty> Entries(JsonElement library, string name) =>
        library.TryGetProperty(name, out var entries) ? entries.EnumerateObject() : [];

    /// <summary>One file that a <c>deps.json</c> names.</summary>
    internal sealed record Asset(string Library, bool IsNative, string Runtime, string RelativePath)
    {
        public bool IsForHere => RuntimeIdentifiers.Here.Contains(Runtime, StringComparer.OrdinalIgnoreCase);
    }
}
