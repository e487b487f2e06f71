using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Watching;

/// <summary>A plugin in a folder: its main file and all files that belong to it.</summary>
/// <param name="Id">The plugin's id.</param>
/// <param name="Order">Its place in the order, from the file name.</param>
/// <param name="Kind">DLL or script.</param>
/// <param name="MainFile">The absolute path of the DLL or script.</param>
/// <param name="Root">The folder the files belong to.</param>
/// <param name="Files">Absolute paths of all its files, the main file and settings included.</param>
/// <param name="SettingsFile">The absolute path of the settings file, or <see langword="null"/>.</param>
internal sealed record PluginSource(
    string Id, int Order, PluginKind Kind, string MainFile, string Root, IReadOnlyList<string> Files,
    string? SettingsFile)
{
    private const char HashSeparator = '/';

    /// <summary>Why it must not be loaded; <see langword="null"/> if it may be.</summary>
    public LoadProblem? Problem { get; init; }

    /// <summary>The main file's name, by which people know the plugin.</summary>
    public string Source => Path.GetFileName(MainFile);

    /// <summary>A cheap sign of change: where each file's path leads, and the size and time of what is there.</summary>
    /// <param name="moreFiles">Further files that belong to it, such as those a script loads.</param>
    public string Signature(IEnumerable<string> moreFiles)
    {
        var text = new StringBuilder();
        foreach (var file in Files.Concat(moreFiles))
        {
            var info = FileLinks.Follow(file);
            var (length, time) = info.Exists ? (info.Length, info.LastWriteTimeUtc.Ticks) : (-1, 0);
            text.Append(CultureInfo.InvariantCulture, $"{file}|{info.FullName}|{length}|{time}\n");
        }

        return text.ToString();
    }

    /// <summary>Whether one of the files, or a folder that one is in, has been reported as changed.</summary>
    public bool IsTouched(IEnumerable<string> moreFiles, IReadOnlySet<string> touched) => touched.Count > 0
        && Files.Concat(moreFiles).Any(file => IsIn(file, touched) || IsIn(FileLinks.Follow(file).FullName, touched));

    /// <summary>Whether there is nothing to read in a file. Such a file is never opened: it may be a pipe, and reading
    /// would wait forever.</summary>
    public static bool IsEmpty(string file) => FileLinks.Follow(file) is not { Exists: true, Length: > 0 };

    /// <summary>The certain sign of change: a hash of names and contents, in two parts, code and settings.</summary>
    /// <exception cref="IOException">A file cannot be read now.</exception>
    public string ContentHash(IEnumerable<string> moreFiles)
    {
        // A settings file beside the plugin that another one takes precedence over is settings too.
        var beside = Path.Combine(Root, $"{Id}.json");
        var isSettings = Files.Concat(moreFiles).ToLookup(file => file == SettingsFile || file == beside);
        return $"{Hash(isSettings[false])}{HashSeparator}{Hash(isSettings[true])}";
    }

    /// <summary>The path of a file as people know it: relative if it is in the plugin's folder.</summary>
    public string Shorten(string file) =>
        Path.GetRelativePath(Root, file) is var relative && relative.StartsWith("..", StringComparison.Ordinal)
            ? file
            : relative;

    /// <summary>Whether two content hashes differ at most in the settings.</summary>
    public static bool DifferAtMostInSettings(string? hash, string? other) =>
        hash is not null && other is not null && hash.Split(HashSeparator)[0] == other.Split(HashSeparator)[0];

    private static bool IsIn(string? path, IReadOnlySet<string> touched) =>
        path is not null && (touched.Contains(path) || IsIn(Path.GetDirectoryName(path), touched));

    private static string Hash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\0"));
            if (IsEmpty(file))
                continue;

            // Fails while another process has it open for writing, where the system supports such locks.
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            int length;
            while ((length = content.Read(buffer)) > 0)
                hash.AppendData(buffer.AsSpan(0, length));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
