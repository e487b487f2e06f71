using System.Globalization;
using System.Text.Json;

namespace Chat.PluginHost.Settings;

/// <summary>A plugin's settings, read from its JSON file into plain text values: no JSON library ever sees a plugin's
/// types. Safe from any thread.</summary>
internal sealed class PluginSettings : IPluginSettings
{
    private readonly IReadOnlyDictionary<string, SettingsValue> _values;

    private PluginSettings(string name, IReadOnlyDictionary<string, SettingsValue> values) =>
        (Name, _values) = (name, values);

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    public string? this[string key] => Find(key)?.Text;

    /// <summary>Reads a settings file.</summary>
    /// <param name="file">Its path; <see langword="null"/> for no settings.</param>
    /// <param name="missing">What messages call the file if there is none.</param>
    /// <exception cref="PluginLoadException">It is not a JSON object; the message names line and column.</exception>
    public static PluginSettings Read(string? file, string missing = "settings")
    {
        if (file is null)
            return new PluginSettings(missing, new Dictionary<string, SettingsValue>());
        var name = Path.GetFileName(file);
        try
        {
            var content = PluginSource.IsEmpty(file) ? [] : File.ReadAllBytes(file);
            if (BadByte.Find(file, content) is { } bad)
                throw new PluginLoadException($"{name}:{bad.Place}", $"{bad.Problem}.");
            using var reader = new StreamReader(new MemoryStream(content));
            return new PluginSettings(name, SettingsParser.Parse(name, reader.ReadToEnd()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PluginLoadException(name, $"the settings cannot be read: {exception.Message}", cause: exception);
        }
    }

    public IReadOnlyList<string> List(string key) => Find(key) is not { } value ? []
        : value.Kind == JsonTokenType.StartArray ? value.Items
        : throw MustBe(key, value, "a list, such as [\"one\", \"two\"]");

    public int Number(string key, int otherwise, int least = int.MinValue, int most = int.MaxValue)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign;
        return Find(key) is not { } value ? otherwise
            : int.TryParse(value.Text, Style, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most ? number
            : throw MustBe(
                key, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    public bool Flag(string key, bool otherwise) => Find(key) is not { } value ? otherwise
        : bool.TryParse(value.Text, out var flag) ? flag : throw MustBe(key, value, "true or false");

    public TimeSpan Duration(string key, TimeSpan otherwise)
    {
        // Without the colons it would mean days, or hours and minutes, which is not what people intend.
        return Find(key) is not { } value ? otherwise
            : value.Text?.Count(character => character == ':') == 2
                && TimeSpan.TryParseExact(value.Text, "c", CultureInfo.InvariantCulture, out var duration)
                && duration >= TimeSpan.Zero ? duration
            : throw MustBe(key, value, "a length of time, written hh:mm:ss, such as \"00:00:30\"");
    }

    public FormatException Invalid(string key, string problem) =>
        new InvalidSettingException(
            _values.TryGetValue(key, out var value) ? $"{Name}:{value.Place}" : Name, $"{key} {problem}");

    private FormatException MustBe(string key, SettingsValue value, string what) =>
        Invalid(key, $"is {value.Shown}, but must be {what}.");

    /// <summary>The value; <c>null</c> in the file counts as none.</summary>
    private SettingsValue? Find(string key) =>
        _values.TryGetValue(key, out var value) && value.Kind != JsonTokenType.Null ? value : null;
}
