namespace Chat.Plugins;

/// <summary>A plugin's settings: a snapshot of its JSON file. If the file changes, the plugin is reloaded, or notified
/// if it has called <see cref="IPluginContext.OnSettings"/>.</summary>
public interface IPluginSettings
{
    /// <summary>Gets a value as text.</summary>
    /// <param name="key">Names separated by <c>:</c>, for example <c>limits:perMinute</c>; case-insensitive.</param>
    /// <returns>The value, with numbers and booleans as written in JSON; <see langword="null"/> if there is
    /// none.</returns>
    string? this[string key] { get; }

    /// <summary>Gets a list of values.</summary>
    /// <param name="key">Names separated by <c>:</c>; case-insensitive.</param>
    /// <returns>The elements of the JSON array as text; empty if there is none.</returns>
    /// <exception cref="FormatException">The value is not a list; the message names its location.</exception>
    IReadOnlyList<string> List(string key);

    /// <summary>Gets a whole number.</summary>
    /// <param name="key">Names separated by <c>:</c>; case-insensitive.</param>
    /// <param name="otherwise">The default if the file has no such value.</param>
    /// <param name="least">The minimum.</param>
    /// <param name="most">The maximum.</param>
    /// <exception cref="FormatException">The value is not a whole number or is out of range; the message names its
    /// location: <c>Foo.json:3:15: …</c></exception>
    int Number(string key, int otherwise, int least = int.MinValue, int most = int.MaxValue);

    /// <summary>Gets a boolean.</summary>
    /// <param name="key">Names separated by <c>:</c>; case-insensitive.</param>
    /// <param name="otherwise">The default if the file has no such value.</param>
    /// <exception cref="FormatException">The value is neither <c>true</c> nor <c>false</c>; the message names its
    /// location.</exception>
    bool Flag(string key, bool otherwise);

    /// <summary>Gets a duration, written as <c>hh:mm:ss</c>.</summary>
    /// <param name="key">Names separated by <c>:</c>; case-insensitive.</param>
    /// <param name="otherwise">The default if the file has no such value.</param>
    /// <exception cref="FormatException">The value is not a duration or is negative; the message names its
    /// location.</exception>
    TimeSpan Duration(string key, TimeSpan otherwise);

    /// <summary>Creates the exception for an invalid value: <c>throw Settings.Invalid("words:2", "is
    /// empty");</c></summary>
    /// <param name="key">Names separated by <c>:</c>; case-insensitive.</param>
    /// <param name="problem">The problem, worded to follow the key.</param>
    /// <returns>An exception whose message names the file, line and column of the value, or only the file if there is
    /// no such value.</returns>
    FormatException Invalid(string key, string problem);
}
