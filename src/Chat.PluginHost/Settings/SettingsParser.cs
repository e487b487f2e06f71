using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chat.PluginHost.Settings;

/// <summary>Reads the text of a settings file into values by flat keys, each with its place in the file.</summary>
internal sealed class SettingsParser
{
    private const int MaxShown = 40;

    private static readonly JsonReaderOptions _options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly string _name;
    private readonly byte[] _json;
    private readonly Dictionary<string, SettingsValue> _values = new(StringComparer.OrdinalIgnoreCase);

    // How far lines and columns have been counted. Places are computed in the order of the file.
    private int _counted;
    private int _line = 1;
    private int _column = 1;

    private SettingsParser(string name, string text)
    {
        _name = name;
        _json = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Reads a text.</summary>
    /// <returns>The values by key; case does not matter.</returns>
    /// <exception cref="PluginLoadException">It is not a JSON object, or sets a key twice; the message names line and
    /// column.</exception>
    public static IReadOnlyDictionary<string, SettingsValue> Parse(string name, string text)
    {
        var parser = new SettingsParser(name, text);
        try
        {
            parser.ReadAll();
            return parser._values;
        }
        catch (JsonException exception)
        {
            var reason = exception.Message.Split(" LineNumber:")[0];
            var place = parser.PlaceOf(exception);
            throw new PluginLoadException($"{name}:{place}", $"this is not valid JSON: {reason}", cause: exception);
        }
    }

    private void ReadAll()
    {
        var reader = new Utf8JsonReader(_json, _options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var place = PlaceOf(reader.TokenStartIndex);
            throw new PluginLoadException($"{_name}:{place}", "settings are a JSON object: { \"name\": value }");
        }

        ReadObject(ref reader, "");

        // Anything that follows is refused here.
        reader.Read();
    }

    private void ReadObject(ref Utf8JsonReader reader, string prefix)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var place = PlaceOf(reader.TokenStartIndex);
            var name = TextOf(ref reader, place);
            var key = prefix.Length == 0 ? name : $"{prefix}:{name}";
            if (_values.TryGetValue(key, out var first))
                throw SetTwice(key, place, first);
            reader.Read();
            ReadValue(ref reader, key);
        }
    }

    /// <returns>The value as text; <see langword="null"/> if it is not a single value.</returns>
    private string? ReadValue(ref Utf8JsonReader reader, string key)
    {
        var place = PlaceOf(reader.TokenStartIndex);
        var raw = Raw(ref reader);
        var value = reader.TokenType switch
        {
            JsonTokenType.StartObject => new SettingsValue(JsonTokenType.StartObject, null, [], "an object", place),
            JsonTokenType.StartArray =>
                new SettingsValue(JsonTokenType.StartArray, null, ReadItems(ref reader, key), "a list", place),
            JsonTokenType.Null => new SettingsValue(JsonTokenType.Null, null, [], "null", place),
            JsonTokenType.String =>
                new SettingsValue(JsonTokenType.String, TextOf(ref reader, place), [], Shorten($"\"{raw}\""), place),
            var kind => new SettingsValue(kind, raw, [], Shorten(raw), place),
        };
        if (value.Kind == JsonTokenType.StartObject)
            ReadObject(ref reader, key);
        return _values.TryAdd(key, value) ? value.Text : throw SetTwice(key, place, _values[key]);
    }

    private PluginLoadException SetTwice(string key, string place, SettingsValue first) =>
        new($"{_name}:{place}", $"{key} is set a second time; the first is at {first.Place}.", "Remove one of them.");

    private List<string> ReadItems(ref Utf8JsonReader reader, string key)
    {
        List<string> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            var text = ReadValue(ref reader, string.Create(CultureInfo.InvariantCulture, $"{key}:{items.Count}"));
            items.Add(text ?? Encoding.UTF8.GetString(_json, start, (int)reader.BytesConsumed - start));
        }

        return items;
    }

    private string TextOf(ref Utf8JsonReader reader, string place)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new PluginLoadException(
                $"{_name}:{place}", "this text is not valid Unicode: there is half a character in it.",
                cause: exception);
        }
    }

    private static string Raw(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);

    private static string Shorten(string shown) =>
        shown.Length <= MaxShown ? shown : $"{shown.AsSpan(0, MaxShown - 1)}…";

    private string PlaceOf(long offset)
    {
        for (; _counted < offset; _counted++)
        {
            if (_json[_counted] == '\n')
            {
                _line++;
                _column = 1;
            }
            else if (IsFirstOfCharacter(_json[_counted]))
            {
                _column++;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{_line}:{_column}");
    }

    private string PlaceOf(JsonException exception)
    {
        var line = (int)exception.LineNumber.GetValueOrDefault();
        var start = 0;
        for (var passed = 0; passed < line; passed++)
            start = Array.IndexOf(_json, (byte)'\n', start) + 1;
        var bytes = (int)exception.BytePositionInLine.GetValueOrDefault();
        var before = _json.Skip(start).Take(bytes).Count(IsFirstOfCharacter);
        return string.Create(CultureInfo.InvariantCulture, $"{line + 1}:{before + 1}");
    }

    private static bool IsFirstOfCharacter(byte utf8) => (utf8 & 0xC0) != 0x80;
}
