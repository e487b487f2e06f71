using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Watching;

/// <summary>A plugin as it lies in a folder: its main file and all files that belong to it.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Order">The place in the order that its file name asks for.</param>
/// <param name="Kind">DLL or script.</param>
/// <param name="MainFile">The absolute path of the DLL or script.</param>
/// <param name="Root">The folder the files belong to.</param>
/// <param name="Files">Absolute paths of all files of the unit, the main file and settings among them.</param>
/// <param name="SettingsFile">The absolute path of the settings file, or <see langword="null"/>.</param>
internal sealed record PluginSource(
    string Id, int Order, PluginKind Kind, string MainFile, string Root, IReadOnlyList<string> Files, string? SettingsFile)
{
    private const char HashSeparator = '/';

    /// <summary>Why it is not to be loaded as it lies there, as a sentence; <see langword="null"/> when it may be.</summary>
    public string? Problem { get; init; }

    /// <summary>The main file's name: what people know the plugin by.</summary>
    public string Source => Path.GetFileName(MainFile);

    /// <summary>A cheap sign of change: names, sizes and times.</summary>
    /// <param name="moreFiles">Further files that belong to it, such as those a script loads.</param>
    public string Signature(IEnumerable<string> moreFiles)
    {
        var text = new StringBuilder();
        foreach (var file in Files.Concat(moreFiles))
        {
            var info = new FileInfo(file);
            text.Append(CultureInfo.InvariantCulture, $"{file}|{(info.Exists ? info.Length : -1)}|{(info.Exists ? info.LastWriteTimeUtc.Ticks : 0)}\n");
        }

        return text.ToString();
    }

    /// <summary>Whether there is nothing to read in a file. Such a file is never opened: it may be a pipe, which would wait for ever.</summary>
    public static bool IsEmpty(string file) => new FileInfo(file) is not { Exists: true, Length: > 0 };

    /// <summary>The sure sign of change: a hash of names and contents, in two parts, code and settings.</summary>
    /// <param name="moreFiles">Further files that belong to it.</param>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public string ContentHash(IEnumerable<string> moreFiles)
    {
        var isSettings = Files.Concat(moreFiles).ToLookup(IsSettings);
        return $"{Hash(isSettings[false])}{HashSeparator}{Hash(isSettings[true])}";
    }

    /// <summary>A file as people know it: by its path in the plugin's folder, if it lies there.</summary>
    public string Shorten(string file)
    {
        var relative = Path.GetRelativePath(Root, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    /// <summary>Whether two content hashes are those of the same code.</summary>
    public static bool DifferAtMostInSettings(string? hash, string? other) =>
        hash is not null && other is not null && hash.Split(HashSeparator)[0] == other.Split(HashSeparator)[0];

    /// <summary>Also of a settings file beside the plugin which another one goes before.</summary>
    private bool IsSettings(string file) => file == SettingsFile || file == Path.Combine(Root, $"{Id}.json");

    private static string Hash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0"));
            if (IsEmpty(file))
                continue;

            // Fails while another process has it open for itself to write, where the system knows such a thing.
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            int length;
            while ((length = content.Read(buffer)) > 0)
                hash.AppendData(buffer.AsSpan(0, length));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
