using System.Text.Unicode;

namespace Chat.PluginHost.Diagnostics;

/// <summary>The first byte of a file that is not UTF-8: the file would silently lose characters.</summary>
internal sealed record BadByte(string File, int Line, int Column, byte Value)
{
    public string Place => $"{Line}:{Column}";

    public string Problem => $"the byte 0x{Value:X2} here is not valid UTF-8: the file was saved in another encoding, "
        + "such as Windows-1252. Save it as UTF-8";

    /// <summary>Finds it.</summary>
    /// <returns><see langword="null"/> if the content is UTF-8, or begins with the mark of UTF-16 or UTF-32.</returns>
    public static BadByte? Find(string file, byte[] content)
    {
        if (Utf8.IsValid(content) || content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..])
            return null;
        var text = new char[content.Length];
        Utf8.ToUtf16(content, text, out var read, out var written, replaceInvalidSequences: false);
        var before = text.AsSpan(0, written).TrimStart('\uFEFF');
        return new BadByte(file, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), content[read]);
    }
}
