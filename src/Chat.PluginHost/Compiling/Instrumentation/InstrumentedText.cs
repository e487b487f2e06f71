using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling.Instrumentation;

/// <summary>A source text with checks in it. It has the file's checksum, so that debuggers accept the file.</summary>
internal sealed class InstrumentedText(SourceText original, string text)
    : SourceText(original.GetChecksum(), original.ChecksumAlgorithm)
{
    public override Encoding? Encoding => original.Encoding;
    public override int Length => text.Length;
    public override char this[int position] => text[position];

    public override void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count) =>
        text.CopyTo(sourceIndex, destination, destinationIndex, count);

    public override string ToString(TextSpan span) => text.Substring(span.Start, span.Length);
}
