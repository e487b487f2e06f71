namespace Chat.Plugins;

/// <summary>A plugin's settings: a snapshot of its JSON file. When the file is edited the plugin is loaded anew with the new values.</summary>
public interface IPluginSettings
{
    /// <summary>One value.</summary>
    /// <param name="key">Names parted by <c>:</c>, for example <c>limits:perMinute</c>; case does not matter.</param>
    /// <returns>The value as text (numbers and booleans as JSON writes them); <see langword="null"/> when there is none.</returns>
    string? this[string key] { get; }

    /// <summary>A list of values.</summary>
    /// <param name="key">As for one value.</param>
    /// <returns>The elements of the JSON array as text; empty when there is none.</returns>
    IReadOnlyList<string> List(string key);
}
