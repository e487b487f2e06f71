namespace Chat.PluginHost.Reload;

/// <summary>The ids of the plugins that have guards, kept in a file, one id per line, so that the next start knows whom
/// it must not do without. One caller at a time.</summary>
/// <param name="file">The file; may be missing. <see langword="null"/> to remember only until the process ends.</param>
/// <param name="logger">Gets a warning if the file cannot be written.</param>
/// <exception cref="IOException">The file cannot be read.</exception>
/// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
internal sealed class GuardList(string? file, ILogger logger)
{
    public IReadOnlyList<string> Ids { get; private set; } =
        File.Exists(file) ? [.. File.ReadAllLines(file).Where(line => line.Length > 0)] : [];

    /// <summary>Replaces the list. A file that cannot be written stays as it was, which is logged.</summary>
    public void Set(IEnumerable<string> ids)
    {
        List<string> next = [.. ids.Order(StringComparer.OrdinalIgnoreCase)];
        if (next.SequenceEqual(Ids, StringComparer.OrdinalIgnoreCase))
            return;
        Ids = next;
        if (file is not null && AtomicFile.TryWriteLines(file, next) is { } problem)
            PluginLog.GuardsNotKept(logger, file, problem);
    }
}
