using System.Text;

namespace Chat.PluginHost.Storage;

/// <summary>Replaces a file as a whole: a crash or a full disk leaves the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a draft beside the file, to disk, and moves it into place.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="content">The new content.</param>
    /// <param name="draft">The draft's path; if <see langword="null"/>, the file's with <c>.new</c>: then one writer at
    /// a time.</param>
    /// <exception cref="IOException">It cannot be written; the old content stays.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old content stays.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, string? draft = null)
    {
        draft ??= $"{path}.new";
        try
        {
            using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(draft);
            throw;
        }
    }

    /// <summary>Writes lines; creates the folder if it is missing.</summary>
    /// <returns>Why they cannot be written; <see langword="null"/> if they are.</returns>
    public static string? TryWriteLines(string path, IEnumerable<string> lines)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Write(path, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n"))));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static void TryDelete(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next write replaces it.
        }
    }
}
