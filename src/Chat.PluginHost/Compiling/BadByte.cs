using System.Text.Unicode;

namespace Chat.PluginHost.Compiling;

/// <summary>The first byte of a file that is not UTF-8.</summary>
/// <param name="File">The file's absolute path.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
/// <param name="Value">The byte.</param>
internal sealed record BadByte(string File, int Line, int Column, byte Value)
{
    /// <summary>Finds it.</summary>
    /// <returns><see langword="null"/> if the content is UTF-8, or begins with the mark of UTF-16.</returns>
    public static BadByte? Find(string file, byte[] content)
    {
        if (Utf8.IsValid(content) || content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return null;
        var text = new char[content.Length];
        Utf8.ToUtf16(content, text, out var read, out var written, replaceInvalidSequences: false);
        var before = text.AsSpan(0, written);
        return new BadByte(file, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), content[read]);
    }
}
