using System.Globalization;
using System.Text.Json;
using Chat.PluginHost.Watching;
using Chat.Plugins;

namespace Chat.PluginHost.Swapping;

/// <summary>A plugin's settings, read from its JSON file into plain text values: no JSON library ever sees a plugin's types.</summary>
internal sealed class PluginSettings : IPluginSettings
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<string>> _lists = new(StringComparer.OrdinalIgnoreCase);

    private PluginSettings()
    {
    }

    /// <inheritdoc/>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Reads a settings file.</summary>
    /// <param name="file">Its path; <see langword="null"/> for no settings.</param>
    /// <exception cref="PluginLoadException">It is not a JSON object; the message names line and column.</exception>
    public static PluginSettings Read(string? file)
    {
        var settings = new PluginSettings();
        if (file is null)
            return settings;
        var name = Path.GetFileName(file);
        try
        {
            using var json = JsonDocument.Parse(
                PluginUnit.IsEmpty(file) ? "" : File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new PluginLoadException($"{name}:1:1: settings are a JSON object: {{ \"name\": value }}");
            settings.Flatten("", json.RootElement);
            return settings;
        }
        catch (JsonException exception)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{name}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1}");
            throw new PluginLoadException($"{place}: this is not valid JSON: {exception.Message.Split(" LineNumber:")[0]}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new PluginLoadException($"{name}: a text in it is not valid Unicode: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException($"{name}: the settings cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string key) => _lists.GetValueOrDefault(key) ?? [];

    /// <inheritdoc/>
    public int Number(string key, int otherwise, int least = int.MinValue, int most = int.MaxValue) => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool Flag(string key, bool otherwise) => throw new NotImplementedException();

    /// <inheritdoc/>
    public TimeSpan Duration(string key, TimeSpan otherwise) => throw new NotImplementedException();

    /// <inheritdoc/>
    public FormatException Invalid(string key, string problem) => throw new NotImplementedException();

    private void Flatten(string prefix, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    Flatten(prefix.Length == 0 ? property.Name : $"{prefix}:{property.Name}", property.Value);
                break;
            case JsonValueKind.Array:
                _lists[prefix] = [.. element.EnumerateArray().Select(Text)];
                var index = 0;
                foreach (var item in element.EnumerateArray())
                    Flatten(string.Create(CultureInfo.InvariantCulture, $"{prefix}:{index++}"), item);
                break;
            case JsonValueKind.Null:
                break;
            default:
                _values[prefix] = Text(element);
                break;
        }
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
}
