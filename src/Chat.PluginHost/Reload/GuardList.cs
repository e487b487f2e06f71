using System.Text;

namespace Chat.PluginHost.Reload;

/// <summary>The ids of the plugins that have guards, kept in a file, one id per line, so that the next start knows whom
/// it must not do without. One caller at a time.</summary>
internal sealed class GuardList
{
    private readonly string? _file;
    private readonly ILogger _logger;

    /// <summary>Reads the file.</summary>
    /// <param name="file">The file; may be missing. <see langword="null"/> to remember only until the process
    /// ends.</param>
    /// <param name="logger">Gets a warning if the file cannot be written.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public GuardList(string? file, ILogger logger)
    {
        _file = file;
        _logger = logger;
        Ids = file is not null && File.Exists(file) ? [.. File.ReadAllLines(file).Where(line => line.Length > 0)] : [];
    }

    /// <summary>The ids, in order.</summary>
    public IReadOnlyList<string> Ids { get; private set; }

    /// <summary>Replaces the list. A file that cannot be written stays as it was, which is logged.</summary>
    public void Set(IEnumerable<string> ids)
    {
        List<string> next = [.. ids.Order(StringComparer.OrdinalIgnoreCase)];
        if (next.SequenceEqual(Ids, StringComparer.OrdinalIgnoreCase))
            return;
        Ids = next;
        if (_file is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            AtomicFile.Write(_file, Encoding.UTF8.GetBytes(string.Concat(next.Select(id => $"{id}\n"))));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PluginLog.GuardsNotKept(_logger, _file, exception.Message);
        }
    }
}
