namespace Chat.Plugins;

/// <summary>A plugin's settings: a snapshot of its JSON file. When the file is edited the plugin is loaded anew, or told, if it has asked for that with <see cref="IPluginContext.OnSettings"/>.</summary>
public interface IPluginSettings
{
    /// <summary>One value.</summary>
    /// <param name="key">Names parted by <c>:</c>, for example <c>limits:perMinute</c>; case does not matter.</param>
    /// <returns>The value as text (numbers and booleans as JSON writes them); <see langword="null"/> when there is none.</returns>
    string? this[string key] { get; }

    /// <summary>A list of values.</summary>
    /// <param name="key">As for one value.</param>
    /// <returns>The elements of the JSON array as text; empty when there is none.</returns>
    /// <exception cref="FormatException">There is something that is no list; the message says where.</exception>
    IReadOnlyList<string> List(string key);

    /// <summary>A whole number.</summary>
    /// <param name="key">As for one value.</param>
    /// <param name="otherwise">What it is when the file does not say.</param>
    /// <param name="least">The least it may be.</param>
    /// <param name="most">The most it may be.</param>
    /// <exception cref="FormatException">It is no whole number or out of its range; the message says where: <c>Foo.json:3:15: …</c></exception>
    int Number(string key, int otherwise, int least = int.MinValue, int most = int.MaxValue);

    /// <summary>A yes or no.</summary>
    /// <param name="key">As for one value.</param>
    /// <param name="otherwise">What it is when the file does not say.</param>
    /// <exception cref="FormatException">It is neither <c>true</c> nor <c>false</c>; the message says where.</exception>
    bool Flag(string key, bool otherwise);

    /// <summary>A length of time, written <c>hh:mm:ss</c>.</summary>
    /// <param name="key">As for one value.</param>
    /// <param name="otherwise">What it is when the file does not say.</param>
    /// <exception cref="FormatException">It is no length of time or is negative; the message says where.</exception>
    TimeSpan Duration(string key, TimeSpan otherwise);

    /// <summary>Makes the exception for a value the plugin cannot use: <c>throw Settings.Invalid("words:2", "is empty");</c></summary>
    /// <param name="key">As for one value.</param>
    /// <param name="problem">What is wrong with it, to follow the key.</param>
    /// <returns>An exception whose message names file, line and column of the value, or the file alone when it is not there.</returns>
    FormatException Invalid(string key, string problem);
}
