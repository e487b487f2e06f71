using System.Text.Encodings.Web;
using System.Text.Json;

namespace Chat.PluginHost.Storage;

/// <summary>The texts of a store as JSON, one object with a property per text, readable for people too. No JSON library
/// ever sees a plugin's types.</summary>
internal static class StoreText
{
    private static readonly JsonWriterOptions _readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The texts in the form of the file.</summary>
    public static byte[] Format(IReadOnlyDictionary<string, string> texts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, _readable))
        {
            writer.WriteStartObject();
            foreach (var (key, text) in texts.OrderBy(each => each.Key, StringComparer.Ordinal))
                writer.WriteString(key, text);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The texts of a file.</summary>
    /// <exception cref="JsonException">It is not an object of texts; the message says what it is instead.</exception>
    public static Dictionary<string, string> Parse(byte[] json)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("It is not a JSON object.");
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.String)
                    throw new JsonException($"'{property.Name}' is not a text.");
                texts[property.Name] = property.Value.GetString()!;
            }

            return texts;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException($"A text in it is not valid Unicode. {exception.Message}", exception);
        }
    }
}
