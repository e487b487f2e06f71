namespace Chat.Load.Watching;

/// <summary>The small files in <c>/proc</c>.</summary>
internal static class ProcFile
{
    private const long KilobytesPerPage = 4;

    /// <returns>Nothing if the file is gone, or not ours to read.</returns>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <returns>The whole number that follows the key; 0 if there is none.</returns>
    public static long NumberAfter(string key, string text)
    {
        var at = text.IndexOf(key, StringComparison.Ordinal);
        if (at < 0)
            return 0;
        var rest = text.AsSpan(at + key.Length).TrimStart();
        var end = rest.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? rest : rest[..end], out var number) ? number : 0;
    }

    /// <summary>What the kernel holds for all TCP connections of the machine, in kB.</summary>
    public static long KernelTcpMemory()
    {
        var text = Read("/proc/net/sockstat");
        var at = text.IndexOf("TCP:", StringComparison.Ordinal);
        return at < 0 ? 0 : NumberAfter("mem ", text[at..]) * KilobytesPerPage;
    }

    public static double LoadAverage() =>
        double.TryParse(
            Read("/proc/loadavg").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture, out var average)
            ? average
            : 0;
}
